"""What the cameras of a recording saw of a person: what a calibration must explain."""

import math
from dataclasses import dataclass, replace
from typing import NamedTuple, Optional, Sequence, Tuple

import numpy as np
import torch
from torch import Tensor

from ..geometry import Cameras, triangulate


class Points(NamedTuple):
    """Keypoints in the world.

    Attributes:
        points: ``(T, J, 3)``, m.
        found: ``(T, J)``, bool: which of them are known.
    """

    points: Tensor
    found: Tensor


@dataclass(frozen=True, eq=False)
class Evidence:
    """Keypoints in V views, and where they were in the world, if that is known.

    Attributes:
        keypoints: ``(T, V, J, 2)``, px.
        scores: ``(T, V, J)``; 0 for a keypoint that is missing.
        labels: ``(T, J, 3)``, m, NaN where unknown; or None.
    """

    keypoints: Tensor
    scores: Tensor
    labels: Optional[Tensor]

    @property
    def seen(self) -> Tensor:
        """``(T, V, J)``, bool."""
        return self.scores > 0

    def of_views(self, views: Sequence[int]) -> 'Evidence':
        """The evidence of these views only, in this order."""
        index = list(views)
        return replace(
            self, keypoints=self.keypoints[:, index], scores=self.scores[:, index]
        )

    def points(self, cameras: Cameras) -> Points:
        """The labels, or what these cameras triangulate."""
        if self.labels is not None:
            return Points(self.labels, self.labels.isfinite().all(-1))
        triangulated = triangulate(cameras, self.keypoints, self.scores)
        return Points(triangulated.points, triangulated.found)

    def errors(self, cameras: Cameras, points: Points) -> Tuple[Tensor, Tensor]:
        """How far keypoints are from where points project, px, and points in front.

        Returns:
            Both ``(T, V, J)``; errors mean nothing where a keypoint is missing, or a
            point is behind or not found.
        """
        projection = cameras.project(points.points)
        return (projection.pixels - self.keypoints).norm(dim=-1), projection.in_front

    def misfit(self, cameras: Cameras, points: Optional[Points] = None) -> float:
        """Median error of all that was seen, px.

        Infinite if most points are behind a camera that saw them, or not found.

        Args:
            cameras: V.
            points: by default what these cameras make of the evidence.
        """
        points = self.points(cameras) if points is None else points
        errors, in_front = self.errors(cameras, points)
        errors = errors.masked_fill(~(in_front & points.found[:, None]), math.inf)
        known = errors[self.seen]
        return float(known.median()) if known.numel() else math.inf


def checked_evidence(
    views: int,
    keypoints_2d: np.ndarray,
    scores: Optional[np.ndarray],
    keypoints_3d: Optional[np.ndarray],
) -> Evidence:
    """Evidence from arrays as users have them.

    Raises:
        ValueError: for shapes that do not fit; for one view without labels.
    """
    keypoints = torch.as_tensor(keypoints_2d, dtype=torch.float64)
    if keypoints.ndim != 4 or keypoints.shape[1] != views or keypoints.shape[3] != 2:
        raise ValueError(
            f'keypoints_2d: expected the shape (T, {views}, J, 2) for {views} cameras, '
            f'got {tuple(keypoints.shape)}'
        )
    instants, _, count, _ = keypoints.shape
    if scores is None:
        scores = np.ones((instants, views, count))
    weights = _of_shape('scores', scores, (instants, views, count))
    labels = None
    if keypoints_3d is not None:
        labels = _of_shape('keypoints_3d', keypoints_3d, (instants, count, 3))
    elif views < 2:
        raise ValueError(
            'calibration: expected two cameras or more to triangulate with, got one'
        )
    missing = ~keypoints.isfinite().all(-1) | ~weights.isfinite()
    return Evidence(keypoints, weights.masked_fill(missing, 0), labels)


def _of_shape(name: str, values: np.ndarray, shape: Tuple[int, ...]) -> Tensor:
    tensor = torch.as_tensor(values, dtype=torch.float64)
    if tuple(tensor.shape) != shape:
        raise ValueError(
            f'{name}: expected the shape {shape}, got {tuple(tensor.shape)}'
        )
    return tensor
