"""A lifter of MMPose as its config and a checkpoint make it."""

from pathlib import Path
from typing import Any, Dict, Optional

import torch
from mmengine.config import Config
from mmengine.runner import load_checkpoint
from mmpose.apis import init_model
from mmpose.models.pose_estimators import PoseLifter

from ...compat.safe_loading import check_readable, named_refusal

_TYPES = ('PoseLifter', 'TokenPoseLifter')


def load_lifter(
    config: str, cfg: Config, checkpoint: Optional[str], device: Optional[str]
) -> PoseLifter:
    """Build a lifter and load its weights, all of them.

    Args:
        config: a path or name, for messages.
        cfg: the same, read.
        checkpoint: weights; None leaves them arbitrary.
        device: such as ``cuda:0``; the best that there is when None.

    Raises:
        ValueError: for a config of another kind of model, or weights of another model.
        FileNotFoundError: if there is no such checkpoint.
    """
    if cfg.model.get('type', '').rpartition('.')[2] not in _TYPES:
        raise ValueError(
            f'pose3d: expected the config of a lifter of 2D joints, got {config}, of '
            f'type {cfg.model.get("type")}'
        )
    device = device or ('cuda:0' if torch.cuda.is_available() else 'cpu')
    model = init_model(cfg, None, device='cpu')
    if checkpoint is not None:
        _load(model, config, checkpoint)
    return model.to(device)


def _load(model: PoseLifter, config: str, checkpoint: str) -> None:
    if not Path(checkpoint).is_file() and '://' not in checkpoint:
        raise FileNotFoundError(
            f'pose3d_weights: expected a file of weights, found no {checkpoint}'
        )
    check_readable(checkpoint)
    try:
        with named_refusal(checkpoint):
            content = load_checkpoint(
                model, checkpoint, map_location='cpu', strict=True
            )
    except RuntimeError as error:
        raise ValueError(
            f'{checkpoint}: expected weights of {config}, got others: {error}'
        ) from None
    meta = content.get('meta', {}).get('dataset_meta')
    if meta is not None:
        model.dataset_meta = meta


def window_length(model: PoseLifter, dataset: Dict[str, Any]) -> int:
    """T of a lifter, as its config tells it, ours or MMPose's.

    Args:
        model: the lifter.
        dataset: config of its test set.

    Raises:
        ValueError: for one that skips frames.
    """
    own = getattr(model.backbone, 'frames', None)
    if isinstance(own, int):
        return own
    if dataset.get('seq_step', 1) != 1:
        raise ValueError(
            'pose3d: expected a lifter of frames that follow each other, got seq_step='
            f'{dataset["seq_step"]}'
        )
    return int(max(dataset.get('multiple_target', 0), dataset.get('seq_len', 1)))
