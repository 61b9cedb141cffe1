"""What an exported file says about itself, in ONNX's ``metadata_props``.

Every entry is a string of JSON, so that any language can read it: the file is enough
to prepare images for it and to name what comes out.
"""

import inspect
import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Dict, Mapping, Tuple

from mmengine.config import Config
from mmpose.models.pose_estimators import TopdownPoseEstimator

from ppt_mmpose.version import __version__

from .normalisation import Normalisation

PREFIX = 'ppt_mmpose.'


@dataclass(frozen=True)
class OnnxMetadata:
    """What belongs to an exported model.

    Attributes:
        version: of ppt_mmpose.
        config: its name.
        keep_ratio: the part of the patches that stays at each pruning.
        kept_counts: by 0-based block, how many patches stay.
        input_size: width and height of the crop, px.
        channel_order: ``RGB`` or ``BGR``, in which the graph takes the crop.
        mean: of each channel in this order; the graph takes ``(pixel - mean) / std``.
        std: as ``mean``.
        codec: MMPose's config of it.
        keypoint_names: J of them.
        decoded: whether the graph gives keypoints instead of heatmaps.
        box_padding: the crop's size over the box's, before the aspect ratio is mended.
        udp: whether the first and last pixel of a crop are on its edges (UDP).
        opset: of ONNX's own operators.
    """

    version: str
    config: str
    keep_ratio: float
    kept_counts: Dict[str, int]
    input_size: Tuple[int, int]
    channel_order: str
    mean: Tuple[float, ...]
    std: Tuple[float, ...]
    codec: Dict[str, Any]
    keypoint_names: Tuple[str, ...]
    decoded: bool
    box_padding: float
    udp: bool
    opset: int

    @property
    def normalisation(self) -> Normalisation:
        """How the graph takes images."""
        return Normalisation(self.channel_order, self.mean, self.std)

    def as_properties(self) -> Dict[str, str]:
        """Strings by key, as ONNX stores them."""
        return {PREFIX + key: json.dumps(value) for key, value in asdict(self).items()}

    @classmethod
    def from_properties(cls, properties: Mapping[str, str]) -> 'OnnxMetadata':
        """Read them back.

        Raises:
            ValueError: if an entry is missing or no JSON.
        """
        names = [field.name for field in fields(cls)]
        missing = [name for name in names if PREFIX + name not in properties]
        if missing:
            raise ValueError(
                f'metadata: expected entries {PREFIX}{", ".join(names)}; '
                f'missing: {", ".join(missing)}'
            )
        values = {name: json.loads(properties[PREFIX + name]) for name in names}
        lists = {key: tuple(v) for key, v in values.items() if isinstance(v, list)}
        return cls(**(values | lists))


def metadata_of(
    name: str,
    model: TopdownPoseEstimator,
    cfg: Config,
    *,
    given: Normalisation,
    decoded: bool,
    opset: int,
) -> OnnxMetadata:
    """What belongs to a model.

    Args:
        name: of the config.
        model: with its weights, at its keep ratio.
        cfg: its config.
        given: how the graph takes images.
        decoded: whether the graph gives keypoints.
        opset: of ONNX's own operators.

    Raises:
        ValueError: if the config's test pipeline is no top-down one, the head has no
            codec, or the weights' dataset has another number of keypoints.
    """
    box, affine = _transforms(name, cfg)
    schedule = model.neck.encoder.schedule
    rows, columns = model.neck.patch_embedding.grid
    counts = schedule.counts(rows * columns)
    return OnnxMetadata(
        version=__version__,
        config=name,
        keep_ratio=schedule.keep_ratio,
        kept_counts={str(block): count for block, count in counts.items()},
        input_size=tuple(affine['input_size']),
        channel_order=given.channel_order,
        mean=given.mean,
        std=given.std,
        codec=_codec(name, model.head.decoder),
        keypoint_names=_keypoint_names(model),
        decoded=decoded,
        box_padding=box.get('padding', 1.25),
        udp=affine.get('use_udp', False),
        opset=opset,
    )


def _transforms(name: str, cfg: Config) -> Tuple[Dict[str, Any], Dict[str, Any]]:
    pipeline = {each['type']: each for each in cfg.test_dataloader.dataset.pipeline}
    wanted = ('GetBBoxCenterScale', 'TopdownAffine')
    missing = [each for each in wanted if each not in pipeline]
    if missing:
        raise ValueError(
            f'{name}: expected {" and ".join(wanted)} in the pipeline of '
            f'test_dataloader, found no {" and ".join(missing)}'
        )
    return pipeline[wanted[0]], pipeline[wanted[1]]


def _codec(name: str, decoder: Any) -> Dict[str, Any]:
    """Its config, with what was left to defaults."""
    if decoder is None:
        raise ValueError(f'{name}: expected model.head.decoder to be a codec, got none')
    known = inspect.signature(type(decoder).__init__).parameters
    values = {key: getattr(decoder, key) for key in known if hasattr(decoder, key)}
    return dict(type=type(decoder).__name__, **values)


def _keypoint_names(model: TopdownPoseEstimator) -> Tuple[str, ...]:
    by_id = model.dataset_meta['keypoint_id2name']
    names = tuple(by_id[index] for index in sorted(by_id))
    if len(names) != model.head.out_channels:
        raise ValueError(
            f'dataset_meta: expected names of {model.head.out_channels} keypoints, got '
            f'those of {len(names)}: {", ".join(names)}'
        )
    return names
