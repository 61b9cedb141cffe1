"""What MMPose's inferencer of images does not say when it gets a lifter."""

from contextlib import contextmanager
from typing import Iterator


@contextmanager
def expecting_images(config: object) -> Iterator[None]:
    """Name the mistake where a config of another kind of model is given as ``pose2d``.

    MMPose builds any model and then looks for the config's ``data_mode``, which
    those of lifters do not have.

    Args:
        config: what was given.

    Raises:
        ValueError: in the place of MMPose's AttributeError.
    """
    try:
        yield
    except AttributeError as error:
        if 'data_mode' not in str(error):
            raise
        raise ValueError(
            f'pose2d: expected a model of images, got {config}, whose config has no '
            'data_mode; lifters, which take sequences of 2D joints, are given as '
            'pose3d of MMPoseInferencer'
        ) from error
