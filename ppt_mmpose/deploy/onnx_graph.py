"""A pose estimator as an ONNX graph, by PyTorch's exporter.

The numbers of kept tokens are Python ints, so all shapes but the batch are fixed. Batch
norms are folded before, and attention, GELU and layer norms stay the one operator that
the opset has for them.
"""

import inspect
import warnings
from importlib.util import find_spec
from typing import Any, Callable, List, Mapping, Optional, Sequence, Tuple

import torch
from mmcv.cnn import fuse_conv_bn
from mmpose.models.pose_estimators import TopdownPoseEstimator
from torch import Tensor, nn

from .normalisation import Normalisation
from .optimize import in_precision

OPSETS = (18, 23)  # lowest and highest that the tests run
DEFAULT_OPSET = 20  # the lowest with GELU
PACKAGES = ('onnx', 'onnxscript', 'onnxruntime')


class PoseGraph(nn.Module):
    """Images to all that an exported file may give, as a tuple of tensors.

    Args:
        model: with a TokenPoseNeck. A copy is taken, with its batch norms folded.
        decoding: see :func:`.decoding.decoding_of`; no keypoints when None.
        given: how the images are normalised.
        expected: how the model expects them.
    """

    scale: Optional[Tensor]
    shift: Optional[Tensor]

    def __init__(
        self,
        model: TopdownPoseEstimator,
        decoding: Optional[nn.Module],
        *,
        given: Normalisation,
        expected: Normalisation,
    ) -> None:
        super().__init__()
        model = in_precision(model)
        fuse_conv_bn(model.backbone)
        self.backbone, self.neck, self.head = model.backbone, model.neck, model.head
        self.decoding = decoding
        self.swap, scale, shift = given.becoming(expected)
        same = (scale == 1).all() and (shift == 0).all()
        for name, values in (('scale', scale), ('shift', shift)):
            tensor = torch.tensor(values, dtype=torch.float32)[:, None, None]
            self.register_buffer(name, None if same else tensor)
        self.eval()

    def forward(self, images: Tensor) -> Tuple[Tensor, ...]:
        """Heatmaps, keypoints and scores if decoded, and what each pruning kept.

        Args:
            images: ``(B, 3, height, width)``.
        """
        if self.swap:
            images = images.flip(1)
        if self.scale is not None and self.shift is not None:
            images = images * self.scale + self.shift
        out = self.neck.encode(self.backbone(images)[-1])
        heatmaps = self.head(self.neck.keypoint_features(out))
        decoded = () if self.decoding is None else self.decoding(heatmaps)
        return (heatmaps, *decoded, *(pruning.source for pruning in out.prunings))

    def output_names(self) -> List[str]:
        """Of what :meth:`forward` gives, in its order."""
        prunes = self.neck.keep_ratio < 1
        blocks = self.neck.encoder.schedule.blocks if prunes else ()
        decoded = [] if self.decoding is None else ['keypoints', 'scores']
        return ['heatmaps', *decoded, *(f'kept_{block}' for block in blocks)]


def check_opset(opset: int) -> None:
    """Raises ValueError: if graphs cannot be written with this opset."""
    lowest, highest = OPSETS
    if not lowest <= opset <= highest:
        raise ValueError(f'opset: expected {lowest} to {highest}, got {opset}')


def require_exporter() -> None:
    """Raises ImportError: naming what to install, if exporting cannot work here."""
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise ImportError(
            f'exporting needs {", ".join(missing)}: '
            'pip install "ppt_mmpose[onnx]", or pip install ' + ' '.join(PACKAGES)
        )
    known = inspect.signature(torch.onnx.export).parameters
    if 'dynamo' not in known or 'custom_translation_table' not in known:
        raise ImportError(
            'exporting needs PyTorch 2.6 or newer, whose exporter follows '
            f'torch.export; this is {torch.__version__}'
        )


def build_onnx(graph: PoseGraph, size: Tuple[int, int], *, opset: int) -> Any:
    """The graph as a program of ONNX, any number of images at a time.

    Args:
        graph: what to export.
        size: width and height of an image, px.
        opset: of ONNX's own operators.

    Returns:
        A ``torch.onnx.ONNXProgram``.

    Raises:
        ImportError: as in :func:`require_exporter`.
        ValueError: as in :func:`check_opset`.
    """
    check_opset(opset)
    require_exporter()
    width, height = size
    with warnings.catch_warnings():
        # What PyTorch says to itself.
        warnings.simplefilter('ignore', FutureWarning)
        warnings.simplefilter('ignore', DeprecationWarning)
        # Two images: PyTorch takes a batch of one for a batch that is always one.
        return torch.onnx.export(
            graph,
            (torch.zeros(2, 3, height, width),),
            dynamo=True,
            verbose=False,
            opset_version=opset,
            input_names=['input'],
            output_names=graph.output_names(),
            dynamic_shapes=({0: torch.export.Dim('batch')},),
            custom_translation_table={torch.ops.aten.sort.stable: _top_k()},
        )


def _top_k() -> Callable:
    """A stable sort for PyTorch's exporter, which has none.

    TopK of ONNX gives equal values in the order of their index, as the standard says.
    """
    from onnxscript import opset18 as op

    def sort_stable(
        values: Any, stable: Any = None, dim: int = -1, descending: bool = False
    ) -> Any:
        count = op.Shape(values, start=dim, end=dim + 1)
        return op.TopK(values, count, axis=dim, largest=int(descending), sorted=1)

    return sort_stable


def as_file(
    program: Any, outputs: Sequence[str], properties: Mapping[str, str]
) -> bytes:
    """The bytes of a file that gives these outputs and no others.

    Args:
        program: from :func:`build_onnx`; it stays as it is.
        outputs: names, in this order.
        properties: what goes to the file's ``metadata_props``.
    """
    import onnx
    from onnxscript import optimizer

    model = onnx.ModelProto()
    model.CopyFrom(program.model_proto)
    there = {output.name: output for output in model.graph.output}
    del model.graph.output[:]
    model.graph.output.extend(there[name] for name in outputs)
    optimizer.remove_unused_nodes(model)
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, dict(properties))
    onnx.checker.check_model(model)
    return model.SerializeToString()
