"""The configs that a file of weights may belong to, and what they tell of data."""

import warnings
from functools import lru_cache
from typing import Any, Dict, Optional, Tuple

import numpy as np
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.registry import DATASETS, MODELS
from torch import nn

from ppt_mmpose.apis.config_files import config_names, find_config
from ppt_mmpose.models import TokenPoseLifter, TopdownTokenPose

from .engine import ConversionError

Candidate = Tuple[Config, nn.Module]


def _candidate(name: str, cfg_options: Optional[dict] = None) -> Candidate:
    """A config and its model, whose weights hold no memory."""
    init_default_scope('mmpose')
    try:
        cfg = Config.fromfile(find_config(name))
        cfg.merge_from_dict(cfg_options or {})
        with torch.device('meta'):
            model = MODELS.build(cfg.model)
    except (ValueError, KeyError, AttributeError, RuntimeError) as error:
        raise ConversionError(
            f'config {name} with options {cfg_options or "none"}: expected a config '
            f'with a model of ours, got {type(error).__name__}: {error}'
        ) from error
    return cfg, model


@lru_cache(maxsize=None)
def _own_candidate(name: str) -> Candidate:
    return _candidate(name)


def candidates(
    config: Optional[str], cfg_options: Optional[dict]
) -> Dict[str, Candidate]:
    """Configs and models, by the name of the config.

    Args:
        config: the only one; all of ours when None. Distillers are left out: weights
            that users have are those of their students.
        cfg_options: changes to it.

    Raises:
        ConversionError: if there is no such config, or none of a token model.
    """
    if config is None:
        own = {name: _own_candidate(name) for name in config_names()}
        return {name: one for name, one in own.items() if _has_tokens(one)}
    one = _candidate(config, cfg_options)
    if not _has_tokens(one):
        raise ConversionError(
            f'config {config}: expected a model of type TopdownTokenPose or '
            f'TokenPoseLifter, got {type(one[1]).__name__}'
        )
    return {config: one}


def _has_tokens(candidate: Candidate) -> bool:
    return isinstance(candidate[1], (TopdownTokenPose, TokenPoseLifter))


def prunes(cfg: Config) -> bool:
    """Whether the model of a config can prune."""
    if 'neck' not in cfg.model:
        return cfg.model.backbone.get('hourglass') is not None
    return bool(cfg.model.neck.get('prune_blocks'))


def dataset_meta(cfg: Config) -> dict:
    """What the dataset of a config tells of its keypoints, in plain values."""
    dataset = cfg.train_dataloader.dataset
    metainfo = dataset.get('metainfo') or DATASETS.get(dataset.type).METAINFO
    with warnings.catch_warnings():
        # MMPose warns that it finds its own file in its own package.
        warnings.filterwarnings('ignore', message='The metainfo config file')
        return plain(parse_pose_metainfo(metainfo))


def plain(value: Any) -> Any:
    """Containers and numbers of Python only, which load without a pickle's code."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    return value
