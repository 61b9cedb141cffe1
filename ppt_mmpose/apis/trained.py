"""A model as its config and a checkpoint make it."""

from pathlib import Path
from typing import ContextManager, Iterable, Optional, Tuple

from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmengine.runner import Runner, load_checkpoint
from mmpose.models.pose_estimators import TopdownPoseEstimator
from mmpose.registry import MODELS

from ..compat.safe_loading import check_readable, named_refusal
from ..models import TopdownTokenPose
from .config_files import find_config, merge_options


def configured(config: str, cfg_options: Optional[dict] = None) -> Config:
    """A config by path or name, with changes by dotted key.

    Raises:
        FileNotFoundError: if there is no such config.
    """
    cfg = Config.fromfile(find_config(config))
    merge_options(cfg, cfg_options)
    return cfg


def load_trained(
    config: str, checkpoint: str, *, cfg_options: Optional[dict] = None
) -> Tuple[Config, TopdownTokenPose]:
    """Build a token model and load its weights, on the CPU.

    Args:
        config: a path, or the name of one of our configs.
        checkpoint: weights that fit it.
        cfg_options: changes to the config, by dotted key.

    Returns:
        The config, and the model in evaluation mode.

    Raises:
        FileNotFoundError: if there is no such config or checkpoint.
        MisfitError: if the weights are those of another model.
        ValueError: if it is another kind of model, or a checkpoint that would run code.
    """
    cfg = configured(config, cfg_options)
    if not Path(checkpoint).is_file() and '://' not in checkpoint:
        raise FileNotFoundError(
            f'checkpoint: expected a file of weights, found no {checkpoint}'
        )
    with _scope(cfg):
        model: TopdownPoseEstimator = MODELS.build(cfg.model)
    if not isinstance(model, TopdownTokenPose):
        raise ValueError(
            f'{config}: expected a model of type TopdownTokenPose, got '
            f'{type(model).__name__}'
        )
    check_readable(checkpoint)
    with named_refusal(checkpoint):
        load_checkpoint(model, checkpoint, map_location='cpu')
    return cfg, model.eval()


def expect_single_views(config: str, model: TopdownPoseEstimator) -> None:
    """Refuse a model that sees several views together.

    Raises:
        ValueError: naming the config, and what makes it a model of single views.
    """
    if getattr(getattr(model, 'neck', None), 'fuse', False):
        raise ValueError(
            f'{config}: expected a model that sees every view alone, got one that '
            'fuses views; model.neck.fuse=False runs its weights without fusion'
        )


def test_batches(cfg: Config) -> Iterable[dict]:
    """The test set of a config, in batches as a data preprocessor takes them."""
    with _scope(cfg):
        return Runner.build_dataloader(cfg.test_dataloader, seed=0)


def _scope(cfg: Config) -> ContextManager:
    """Parts are looked up in the scope that MMPose's runner would have set."""
    return DefaultScope.overwrite_default_scope(cfg.get('default_scope', 'mmpose'))
