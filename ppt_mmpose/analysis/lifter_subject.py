"""The lifter whose cost or speed is asked for, built from its config."""

import copy
from dataclasses import dataclass, replace
from typing import Callable, List, Optional

import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmpose.registry import MODELS
from torch import Tensor

from ppt_mmpose.apis.config_files import find_config, merge_options
from ppt_mmpose.models import TokenPoseLifter

OUTPUTS = ('all', 'centre')


@dataclass
class LifterSubject:
    """A lifter, in evaluation mode, with what running it takes.

    Attributes:
        config: name of the config.
        model: with arbitrary weights: no cost depends on them.
    """

    config: str
    model: TokenPoseLifter

    @property
    def frames(self) -> int:
        """T, the longest sequence, which is what is run."""
        return self.model.backbone.frames

    @property
    def outputs(self) -> List[str]:
        """What it can be asked for: ``'all'`` frames, and the ``'centre'`` one."""
        return list(OUTPUTS if self.model.backbone.keeps_centre else OUTPUTS[:1])

    @property
    def given_frames(self) -> int:
        """F, how many frames come out when all are asked for."""
        backbone = self.model.backbone
        if backbone.gives_all_frames or backbone.hourglass is None:
            return backbone.frames
        return backbone.hourglass.counts[-1]

    def on(self, device: torch.device) -> 'LifterSubject':
        """A copy on another device; on ``meta`` it has shapes and no values."""
        return replace(self, model=copy.deepcopy(self.model).to(device))

    def keypoints(self, batch_size: int = 1) -> Tensor:
        """Random sequences ``(B, T, J, channels)`` on the device of the model."""
        device = next(self.model.parameters()).device
        # Of the size of normalised coordinates.
        return torch.randn(batch_size, *self.model.backbone.expected, device=device) / 3

    def forward(self, output: str, keypoints: Tensor) -> Callable[[], Tensor]:
        """Something that runs the network once, without decoding and mirror images.

        Args:
            output: one of ``outputs``.
            keypoints: ``(B, T, J, channels)``.
        """
        model, centre = self.model, output == 'centre'

        def run() -> Tensor:
            encoded = model.backbone.encode(keypoints, centre=centre)
            return model.head(encoded.tokens)

        return run


def read_config(config: str, cfg_options: Optional[dict] = None) -> Config:
    """A config, changed.

    Args:
        config: a path, or the name of one of our configs.
        cfg_options: changes to the config, by dotted key.

    Raises:
        FileNotFoundError: if there is no such config.
    """
    cfg = Config.fromfile(find_config(config))
    merge_options(cfg, cfg_options)
    return cfg


def is_lifter(cfg: Config) -> bool:
    """Whether a config is that of a lifter of this package."""
    if 'type' not in cfg.get('model', {}):
        return False
    scope = cfg.get('default_scope', 'mmpose')
    with DefaultScope.overwrite_default_scope(scope):
        kind = MODELS.get(cfg.model.type)
    return isinstance(kind, type) and issubclass(kind, TokenPoseLifter)


def load_lifter(config: str, *, cfg_options: Optional[dict] = None) -> LifterSubject:
    """Build a lifter.

    Args:
        config: a path, or the name of one of our configs.
        cfg_options: changes to the config, by dotted key.

    Raises:
        FileNotFoundError: if there is no such config.
        ValueError: if it is of another kind of model.
    """
    name, cfg = find_config(config).stem, read_config(config, cfg_options)
    if not is_lifter(cfg):
        kind = cfg.get('model', {}).get('type')
        raise ValueError(
            f'{name}: expected a model of type TokenPoseLifter, got {kind}'
        )
    return lifter_of(name, cfg)


def lifter_of(name: str, cfg: Config) -> LifterSubject:
    """Build the lifter of a config that was read.

    Args:
        name: of the config.
        cfg: the config, of which `is_lifter` holds.
    """
    scope = cfg.get('default_scope', 'mmpose')
    with DefaultScope.overwrite_default_scope(scope):
        return LifterSubject(name, MODELS.build(cfg.model).eval())
