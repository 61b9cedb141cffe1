"""Teachers and students as configs name them, and their weights."""

from pathlib import Path
from typing import Union

from mmengine.config import Config
from mmengine.runner import load_checkpoint
from mmpose.models.pose_estimators import TopdownPoseEstimator
from mmpose.registry import MODELS
from torch import nn

from ppt_mmpose.compat.safe_loading import check_readable, named_refusal

# A path or a name of a config, the config of a model, or a built model.
Given = Union[str, Path, dict, nn.Module]


def build_estimator(role: str, given: Given) -> TopdownPoseEstimator:
    """Build a top-down model, without weights.

    Args:
        role: what it is for, in errors.
        given: path or name of a config, ``package::path``, the config of a model, or a
            model, which is taken as it is.

    Raises:
        FileNotFoundError: if there is no such config.
        ValueError: if it is another kind of model.
    """
    model = given
    if not isinstance(model, (str, Path, dict, nn.Module)):
        raise ValueError(
            f'{role}: expected the name or path of a config, the config of a model, or '
            f'a model, got {given!r}'
        )
    if isinstance(model, (str, Path)):
        # Inferencers are beside it, and import this package.
        from ppt_mmpose.apis.config_files import find_config

        model = Config.fromfile(find_config(str(model))).model
    if not isinstance(model, nn.Module):
        model = MODELS.build(model)
    if not isinstance(model, TopdownPoseEstimator):
        raise ValueError(
            f'{role}: expected a model of type TopdownPoseEstimator, got '
            f'{type(model).__name__}'
        )
    return model


def load_whole(role: str, model: nn.Module, checkpoint: str) -> dict:
    """Load weights that must fit.

    Args:
        role: what the model is for, in errors.
        model: whose weights they are.
        checkpoint: a file or an address.

    Returns:
        What the file tells beside the weights (its ``meta``).

    Raises:
        FileNotFoundError: if there is no such file.
        RuntimeError: if they are the weights of another model, naming both sides.
        ValueError: if it is no checkpoint, or would run code.
    """
    if not Path(checkpoint).is_file() and '://' not in checkpoint:
        raise FileNotFoundError(
            f'{role}_checkpoint: expected a file with the weights of the {role}, found '
            f'no {checkpoint}'
        )
    check_readable(checkpoint)
    try:
        with named_refusal(checkpoint):
            loaded = load_checkpoint(model, checkpoint, map_location='cpu', strict=True)
    except RuntimeError as error:
        # Torch's own, and that of weights that do not fit, tell no file.
        raise RuntimeError(f'{role}_checkpoint: {checkpoint}: {error}') from error
    return loaded.get('meta', {})
