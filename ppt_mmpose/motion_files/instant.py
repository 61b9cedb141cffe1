"""What all motion files tell: a recording, and its instants one by one."""

from dataclasses import dataclass
from typing import Sequence, Tuple

import numpy as np


@dataclass(frozen=True)
class Recording:
    """What holds for all instants.

    Args:
        camera_names: V.
        keypoint_names: J.
        links: pairs of keypoints that a skeleton joins, by number.
        rate: instants a second.
    """

    camera_names: Tuple[str, ...]
    keypoint_names: Tuple[str, ...]
    links: Tuple[Tuple[int, int], ...] = ()
    rate: float = 30.0

    def __post_init__(self) -> None:
        if not 0 < self.rate < float('inf'):
            raise ValueError(f'rate: expected instants a second, got {self.rate}')
        last = len(self.keypoint_names) - 1
        for link in self.links:
            if len(link) != 2 or min(link) < 0 or max(link) > last:
                raise ValueError(
                    f'links: expected pairs of keypoints 0 to {last}, got {link}'
                )


@dataclass(frozen=True, eq=False)
class Instant:
    """What was found of one person at one moment, in V views and in the world.

    Where nothing was found numbers are zero, never NaN; what they are worth is told by
    ``found``, ``used`` and ``seen``.

    Attributes:
        index: from 0.
        name: of the images, as ``'000012'``.
        keypoints_3d: ``(J, 3)``, m, world.
        found: ``(J,)``, bool: whether the 3D keypoint is one.
        keypoints_2d: ``(V, J, 2)``, px.
        scores: ``(V, J)``, confidence of the 2D keypoints.
        errors: ``(V, J)``, px, distance from 2D keypoint to reprojected 3D keypoint.
        used: ``(V, J)``, bool: the views that the 3D keypoint comes from.
        boxes: ``(V, 4)``, px, ``(left, top, right, bottom)``.
        seen: ``(V,)``, bool: whether the view had an image and a person in it.
    """

    index: int
    name: str
    keypoints_3d: np.ndarray
    found: np.ndarray
    keypoints_2d: np.ndarray
    scores: np.ndarray
    errors: np.ndarray
    used: np.ndarray
    boxes: np.ndarray
    seen: np.ndarray

    def __post_init__(self) -> None:
        views, keypoints = self.scores.shape
        expected = dict(
            keypoints_3d=(keypoints, 3),
            found=(keypoints,),
            keypoints_2d=(views, keypoints, 2),
            errors=(views, keypoints),
            used=(views, keypoints),
            boxes=(views, 4),
            seen=(views,),
        )
        for name, shape in expected.items():
            if getattr(self, name).shape != shape:
                raise ValueError(
                    f'{name} of instant {self.name}: expected the shape {shape}, '
                    f'got {getattr(self, name).shape}'
                )

    def time(self, rate: float) -> float:
        """Seconds since the first instant."""
        return self.index / rate


def instant_of_3d(index: int, keypoints_3d: np.ndarray, found: np.ndarray) -> Instant:
    """An instant without views.

    Args:
        index: from 0; it is also the name.
        keypoints_3d: ``(J, 3)``, m, world.
        found: ``(J,)``, bool.
    """
    joints = len(found)
    return Instant(
        index=index,
        name=f'{index:06d}',
        keypoints_3d=keypoints_3d,
        found=found,
        keypoints_2d=np.zeros((0, joints, 2)),
        scores=np.zeros((0, joints)),
        errors=np.zeros((0, joints)),
        used=np.zeros((0, joints), bool),
        boxes=np.zeros((0, 4)),
        seen=np.zeros(0, bool),
    )


def check_fits(recording: Recording, instants: Sequence[Instant]) -> None:
    """Refuse instants that no file of their recording can hold.

    Raises:
        ValueError: naming the instant, for other views or keypoints than the
            recording's, or a number that is none.
    """
    expected = len(recording.camera_names), len(recording.keypoint_names)
    for instant in instants:
        if instant.scores.shape != expected:
            raise ValueError(
                f'instant {instant.name}: expected {expected[0]} views of '
                f'{expected[1]} keypoints, got {instant.scores.shape}'
            )
        for name in ('keypoints_3d', 'keypoints_2d', 'scores', 'errors', 'boxes'):
            if not np.isfinite(getattr(instant, name)).all():
                raise ValueError(
                    f'{name} of instant {instant.name}: expected finite numbers, zero '
                    f'where nothing was found'
                )
