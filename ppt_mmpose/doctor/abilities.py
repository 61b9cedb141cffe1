"""What works here, found out by doing it."""

import importlib
import importlib.util
import tempfile
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterator

POSE_2D = '2D poses'


class MissingError(Exception):
    """Something is not there, as a sentence for the report."""


@dataclass(frozen=True)
class Ability:
    """Something the package may be able to do here.

    Args:
        name: what it is.
        works: whether it was done.
        detail: what was done, or why it was not.
    """

    name: str
    works: bool
    detail: str


def abilities() -> Iterator[Ability]:
    """Try everything, one after the other."""
    for name, attempt in ATTEMPTS.items():
        try:
            yield Ability(name, True, attempt())
        except MissingError as error:
            yield Ability(name, False, str(error))
        except Exception as error:
            yield Ability(name, False, f'{type(error).__name__}: {error}')


def _model() -> Any:
    from mmengine.config import Config
    from mmengine.registry import init_default_scope
    from mmpose.registry import MODELS

    from .. import register  # noqa: F401
    from ..apis import find_config

    init_default_scope('mmpose')
    model = MODELS.build(Config.fromfile(find_config('ppt_s_coco')).model)
    return model.eval().requires_grad_(False)


def _pose_2d() -> str:
    import torch

    with torch.no_grad():
        heatmaps = _model()(torch.zeros(1, 3, 256, 192), None, mode='tensor')
    return f'ppt_s_coco gave heatmaps {tuple(heatmaps.shape)}'


def _detector() -> str:
    import torch

    from .. import register  # noqa: F401

    importlib.import_module('mmdet.apis')
    boxes = torch.tensor([[0.0, 0.0, 10.0, 10.0], [1.0, 1.0, 11.0, 11.0]])
    importlib.import_module('mmcv.ops').nms(boxes, torch.tensor([0.8, 0.9]), 0.5)
    return "mmdet's detectors import, and boxes are suppressed"


def _lifting() -> str:
    from .. import register  # noqa: F401

    importlib.import_module('mmpose.apis.inferencers.pose3d_inferencer')
    return "MMPose's own imports; this version of ppt_mmpose has no 3D model"


def _torchscript() -> str:
    import torch

    images, model = torch.rand(1, 3, 256, 192), _model()

    def heatmaps(images: torch.Tensor) -> torch.Tensor:
        return model(images, None, mode='tensor')

    with torch.no_grad():
        traced = torch.jit.trace(heatmaps, images)
        apart = (traced(images) - heatmaps(images)).abs().max()
    return f'ppt_s_coco was traced; its outputs differ by {apart:.0e}'


def _onnx() -> str:
    needed = ('onnx', 'onnxscript')
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingError(f'to get it: pip install {" ".join(missing)}')
    import torch

    class Heatmaps(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = _model()

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            return self.model(images, None, mode='tensor')

    images = torch.rand(1, 3, 256, 192)
    with tempfile.TemporaryDirectory() as folder:
        torch.onnx.export(Heatmaps().eval(), (images,), f'{folder}/ppt_s.onnx')
    return 'ppt_s_coco was exported'


def _gpu() -> str:
    import torch

    if torch.cuda.is_available():
        return ', '.join(
            torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())
        )
    if torch.version.cuda is None:
        raise MissingError(f'torch {torch.__version__} was built without CUDA')
    raise MissingError(
        f'torch {torch.__version__} (CUDA {torch.version.cuda}) sees none'
    )


ATTEMPTS: Dict[str, Callable[[], str]] = {
    POSE_2D: _pose_2d,
    'detector': _detector,
    '3D lifting': _lifting,
    'TorchScript': _torchscript,
    'ONNX': _onnx,
    'GPU': _gpu,
}
