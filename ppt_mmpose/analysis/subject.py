"""The model whose cost is asked for, built from its config."""

import copy
from dataclasses import dataclass, replace
from typing import Any, Callable, List, Optional, Sequence, Tuple

import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmpose.models.pose_estimators import TopdownPoseEstimator
from mmpose.registry import MODELS
from torch import Tensor
from torch.nn.functional import normalize

from ppt_mmpose.apis.config_files import find_config, merge_options
from ppt_mmpose.models import TokenDistiller, TokenPoseNeck
from ppt_mmpose.models.distillers.estimators import build_estimator
from ppt_mmpose.models.view_groups import SAMPLE_KEYS, places_of_groups

from .latency import expect_at_least
from .tokens_per_block import fuses_views

# Where no number of views is given, of a model that fuses them.
VIEWS = 4

Size = Tuple[int, int]  # width and height, px


@dataclass
class Subject:
    """A model, in evaluation mode, with what running it takes.

    Attributes:
        config: name of the config.
        input_size: width and height of the image, in px.
        model: the pose estimator, or the distiller with one, with arbitrary weights: no
            cost depends on them.
        configured_keep_ratio: the config's own; 1 for a model that never prunes.
        keep_ratios: the ratios to look at.
        views: V, images of an instant; 1 for a model of single views.
    """

    config: str
    input_size: Size
    model: TopdownPoseEstimator
    configured_keep_ratio: float
    keep_ratios: List[float]
    views: int = 1

    def on(self, device: torch.device) -> 'Subject':
        """A copy on another device; on ``meta`` it has shapes and no values."""
        return replace(self, model=copy.deepcopy(self.model).to(device))

    @property
    def estimator(self) -> TopdownPoseEstimator:
        """The model, or a distiller's student."""
        return estimator_of(self.model)

    @property
    def token_neck(self) -> Optional[TokenPoseNeck]:
        """Our neck; None where the model has another or none."""
        return token_neck_of(self.model)

    def set_keep_ratio(self, keep_ratio: float) -> None:
        """Prune to a ratio from now on; nothing for a model that cannot."""
        if self.token_neck is not None:
            self.token_neck.set_keep_ratio(keep_ratio)

    def images(self, batch_size: int = 1) -> Tensor:
        """Random images ``(B * V, 3, height, width)`` on the device of the model."""
        width, height = self.input_size
        device = next(self.model.parameters()).device
        return torch.randn(batch_size * self.views, 3, height, width, device=device)

    def forward(self, keep_ratio: float, images: Tensor) -> Callable[[], object]:
        """Something that runs the network once, without decoding.

        Where views are fused, the rays of their patches are given.
        """
        features = self._given_rays(images) if self.fuses_views else None

        def run() -> object:
            self.set_keep_ratio(keep_ratio)
            if features is not None:
                return self.estimator.head(features())
            return self.model(images, None, mode='tensor')

        return run

    def _given_rays(self, images: Tensor) -> Callable[[], Tuple[Tensor]]:
        neck, rays = self.estimator.neck, None
        places = self.places(len(images) // self.views)
        if neck.position_3d is not None:
            rows, columns = neck.patch_embedding.grid
            rays = torch.randn(len(images), rows * columns, 3, device=images.device)
            rays = normalize(rays, dim=-1)

        def features() -> Tuple[Tensor]:
            seen = self.estimator.backbone(images)[-1]
            return neck.keypoint_features(neck.encode_views(seen, rays, places))

        return features

    @property
    def fuses_views(self) -> bool:
        """Whether the model sees views together."""
        return fuses_views(self.token_neck)

    def places(self, instants: int = 1) -> Tensor:
        """Which images are seen together, see `places_of_groups`.

        Raises:
            ValueError: for more views than the model's sets of views have.
        """
        samples = [
            dict(dict.fromkeys(SAMPLE_KEYS), group_id=instant, view_id=view)
            for instant in range(instants)
            for view in range(self.views)
        ]
        return places_of_groups(samples, getattr(self.estimator, 'view_sets', None))


def estimator_of(model: Any) -> TopdownPoseEstimator:
    """A pose estimator itself, or a distiller's student."""
    return getattr(model, 'student', model)


def token_neck_of(model: Any) -> Optional[TokenPoseNeck]:
    """Our neck of a pose estimator, or of a distiller's student; None without one."""
    neck = getattr(estimator_of(model), 'neck', None)
    return neck if isinstance(neck, TokenPoseNeck) else None


def load_subject(
    config: str,
    *,
    keep_ratios: Optional[Sequence[float]] = None,
    cfg_options: Optional[dict] = None,
    views: Optional[int] = None,
    distillers: bool = False,
) -> Subject:
    """Build a model.

    Args:
        config: a path, or the name of one of our configs.
        keep_ratios: ratios to look at; the config's own when None.
        cfg_options: changes to the config, by dotted key.
        views: V, images of an instant; when None, 4 for a model that fuses views, and 1
            for all others.
        distillers: take a TokenDistiller, too, with arbitrary weights of its teacher.

    Raises:
        FileNotFoundError: if there is no such config.
        ValueError: if it is of another kind of model, or a ratio cannot be.
    """
    path = find_config(config)
    cfg = Config.fromfile(path)
    merge_options(cfg, cfg_options)
    return subject_of(path.stem, cfg, keep_ratios, views=views, distillers=distillers)


def subject_of(
    name: str,
    cfg: Config,
    keep_ratios: Optional[Sequence[float]] = None,
    *,
    views: Optional[int] = None,
    distillers: bool = False,
) -> Subject:
    """Build the model of a config that was read.

    Args:
        name: of the config.
        cfg: the config.
        keep_ratios: ratios to look at; the config's own when None.
        views: as in :func:`load_subject`.
        distillers: as in :func:`load_subject`.

    Raises:
        ValueError: as in :func:`load_subject`.
    """
    input_size = _input_size(name, cfg)
    # Parts of a model are looked up in the scope that MMPose's runner would have set.
    with DefaultScope.overwrite_default_scope(cfg.get('default_scope', 'mmpose')):
        model = _built(cfg.model, distillers).eval()
    if not (distillers or isinstance(model, TopdownPoseEstimator)):
        raise ValueError(
            f'{name}: expected a model of type TopdownPoseEstimator, '
            f'got {type(model).__name__}'
        )
    neck = token_neck_of(model)
    prunes = neck is not None and neck.prunes
    own = 1.0 if neck is None else neck.keep_ratio
    ratios = [own] if keep_ratios is None else [float(ratio) for ratio in keep_ratios]
    _check_ratios(name, ratios, prunes=prunes)
    if views is None:
        views = VIEWS if fuses_views(neck) else 1
    expect_at_least(views=(views, 1))
    return Subject(name, input_size, model, own, ratios, views)


def _built(config: dict, distillers: bool) -> Any:
    if distillers and MODELS.get(config['type']) is TokenDistiller:
        teacher = build_estimator('teacher', config['teacher'])
        return MODELS.build({**config, 'teacher': teacher, 'teacher_checkpoint': None})
    return MODELS.build(config)


def _input_size(name: str, cfg: Config) -> Size:
    codec = cfg.get('codec')
    # Models with a codec for each of several outputs have one size of image.
    codec = codec[0] if isinstance(codec, (list, tuple)) else codec
    if not codec or 'input_size' not in codec:
        raise ValueError(f'{name}: expected a config with codec.input_size, got none')
    width, height = codec['input_size']
    return width, height


def _check_ratios(name: str, ratios: List[float], *, prunes: bool) -> None:
    if not ratios or not all(0 < ratio <= 1 for ratio in ratios):
        raise ValueError(f'keep_ratios: expected numbers in (0, 1], got {ratios}')
    if not prunes and set(ratios) != {1.0}:
        raise ValueError(
            f'keep_ratios: {name} never prunes, so expected 1 alone, got {ratios}'
        )
