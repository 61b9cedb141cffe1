"""The models that the demo was started with, each built once, when it is asked for."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Optional

from ..apis.config_files import find_config
from ..apis.pose_2d import ImageEstimator
from ..apis.video import VideoPoseInferencer
from ..compat.safe_loading import named_refusal
from ..visualization.recording import find_token_estimator, fuses_views


@dataclass(frozen=True)
class GivenModels:
    """Configs and weights; everything may be left out.

    Args:
        pose2d: a config of a 2D model of MMPose or its name.
        pose2d_weights: its checkpoint.
        det_model: a config or name of a detector of MMDetection.
        det_weights: its checkpoint.
        pose3d: a config of a lifter or its name.
        pose3d_weights: its checkpoint.
        device: such as ``cuda:0``; the best that there is when None.

    Raises:
        FileNotFoundError: for a checkpoint that is no file.
        ValueError: for a model that lacks its weights, weights without their model, or
            a detector or a lifter without a 2D model.
    """

    pose2d: Optional[str] = None
    pose2d_weights: Optional[str] = None
    det_model: Optional[str] = None
    det_weights: Optional[str] = None
    pose3d: Optional[str] = None
    pose3d_weights: Optional[str] = None
    device: Optional[str] = None

    def __post_init__(self) -> None:
        for model, weights in (
            ('pose2d', 'pose2d_weights'),
            ('det_model', 'det_weights'),
            ('pose3d', 'pose3d_weights'),
        ):
            given, file = getattr(self, model), getattr(self, weights)
            if (given is None) != (file is None):
                raise ValueError(
                    f'{model}: expected a config and its {weights}, got {given} and '
                    f'{file}'
                )
            if model != 'pose2d' and given is not None and self.pose2d is None:
                raise ValueError(f'pose2d: expected a 2D model with {model}, got None')
            if file is not None and '://' not in file and not Path(file).is_file():
                raise FileNotFoundError(
                    f'{weights}: expected a checkpoint, found no {file}'
                )

    @cached_property
    def estimator(self) -> ImageEstimator:
        """Of people in images."""
        with named_refusal(str(self.pose2d_weights)):
            return ImageEstimator(
                path_or_name(str(self.pose2d)),
                self.pose2d_weights,
                self.device,
                det_model=self.det_model,
                det_weights=self.det_weights,
            )

    @cached_property
    def videos(self) -> VideoPoseInferencer:
        """Of people in videos, with the 2D model of everything else."""
        with named_refusal(str(self.pose3d_weights)):
            return VideoPoseInferencer(
                path_or_name(str(self.pose3d)),
                self.pose3d_weights,
                pose2d=self.estimator,
                device=self.device,
            )

    @property
    def model(self) -> Any:
        """The 2D model."""
        return self.estimator.model

    @cached_property
    def tokens(self) -> Any:
        """The part of `model` that has tokens; None of a model without."""
        try:
            return find_token_estimator(self.model)
        except ValueError:
            return None

    @property
    def fuses_views(self) -> bool:
        """Whether the 2D model takes the views of an instant together."""
        return fuses_views(self.model)

    @property
    def prunes(self) -> bool:
        """Whether the 2D model has tokens that it can do without."""
        return self.tokens is not None and bool(self.tokens.neck.prunes)


def path_or_name(config: str) -> str:
    """Our configs by their files, and names of MMPose's as they are."""
    try:
        return str(find_config(config))
    except FileNotFoundError:
        return config
