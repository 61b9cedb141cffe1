"""Points in the world from what several cameras saw of them.

``linear``    the direct linear transform, every view alike (as in the released code)
``weighted``  the same, every view's equations times its score
``robust``    the point of least reprojection error over the views that agree on it,
              weighted by their scores: a view that is wrong does not spoil a point

The work is linear in the number of views, and runs in pieces whose memory is bounded.
"""

from dataclasses import dataclass
from enum import IntEnum
from math import radians
from typing import Iterator, List, Optional, Sequence, Tuple

import torch
from torch import Tensor

from .camera import Cameras
from .linear import triangulate_linear
from .observations import Observations, spread
from .robust import triangulate_robust

METHODS = ('linear', 'weighted', 'robust')
# Views times points that are worked on at once.
_PIECE = 1 << 17


class Status(IntEnum):
    """What became of a point.

    ``TOO_FEW`` and ``PARALLEL`` points are zeros. The others are finite: least-squares
    points of all views that were used.
    """

    OK = 0
    TOO_FEW = 1  #: fewer than two views saw it
    PARALLEL = 2  #: the rays do not meet in one place: parallel, or a point at infinity
    BEHIND = 3  #: it lies behind a camera that is said to have seen it
    INCONSISTENT = 4  #: robust only: no two views agree within the threshold


@dataclass(frozen=True, eq=False)
class Triangulation:
    """Points, and how well the views agree. Never NaN.

    Attributes:
        points: ``(..., J, 3)``, m, world.
        errors: ``(..., V, J)``, px in the image as it is (with distortion): from what
            was seen to where the point projects; 0 where nothing was seen, and for
            points that are zeros.
        used: ``(..., V, J)``, bool: views that the point comes from.
        status: ``(..., J)``, one of `Status`.
    """

    points: Tensor
    errors: Tensor
    used: Tensor
    status: Tensor

    @property
    def found(self) -> Tensor:
        """``(..., J)``, bool: points to rely on."""
        return self.status == Status.OK


def triangulate(
    cameras: Cameras,
    keypoints: Tensor,
    scores: Optional[Tensor] = None,
    *,
    method: str = 'robust',
    threshold: Optional[float] = None,
    min_angle: float = 0.1,
    unit: float = 1e-3,
) -> Triangulation:
    """Points in the world from keypoints in images.

    Differentiable in keypoints, cameras and scores; which views are used is not.

    Args:
        cameras: ``(..., V)``; without leading dimensions they serve all instants.
        keypoints: ``(..., V, J, 2)``, px. One that is not finite, or that the lens
            cannot show, is missing.
        scores: ``(..., V, J)``, at least 0; 0 or not finite for a keypoint that is
            missing. All 1 when None.
        method: ``linear``, ``weighted`` or ``robust``.
        threshold: of ``robust``, px: the error up to which a view agrees with a point.
            A hundredth of each camera's focal length (0.6 degrees) when None.
        min_angle: degrees; rays that differ by less do not fix a point.
        unit: of ``linear`` and ``weighted``, see `geometry.linear`.

    Returns:
        Points of the keypoints' type, float32 or float64.

    Raises:
        ValueError: for an unknown method, shapes that do not fit, or a negative score.
    """
    if method not in METHODS:
        raise ValueError(f'method: expected one of {METHODS}, got {method!r}')
    if threshold is not None and (method != 'robust' or not threshold > 0):
        raise ValueError(
            f'threshold: expected pixels above 0, for robust only, got {threshold} '
            f'for {method}'
        )
    scores = _checked_scores(cameras, keypoints, scores)
    leading = torch.broadcast_shapes(
        cameras.rotation.shape[:-3], keypoints.shape[:-3], scores.shape[:-2]
    )
    keypoints = keypoints.expand(*leading, *keypoints.shape[-3:])
    scores = scores.expand(*leading, *scores.shape[-2:])
    with torch.autocast(keypoints.device.type, enabled=False):
        pieces = [
            _triangulate_piece(*piece, method, threshold, radians(min_angle), unit)
            for piece in _pieces(cameras, keypoints.double(), scores.double())
        ]
    joined = _joined(pieces, cameras.rotation.ndim == 3, scores.shape)
    dtype = keypoints.dtype if keypoints.is_floating_point() else torch.float64
    return Triangulation(
        joined.points.to(dtype), joined.errors.to(dtype), joined.used, joined.status
    )


def _checked_scores(
    cameras: Cameras, keypoints: Tensor, scores: Optional[Tensor]
) -> Tensor:
    views = len(cameras)
    if keypoints.ndim < 3 or keypoints.shape[-3] != views or keypoints.shape[-1] != 2:
        raise ValueError(
            f'keypoints: expected the shape (..., {views}, J, 2) for {views} cameras, '
            f'got {tuple(keypoints.shape)}'
        )
    if scores is None:
        return keypoints.new_ones(keypoints.shape[:-1])
    if scores.shape[-2:] != keypoints.shape[-3:-1]:
        raise ValueError(
            f'scores: expected the shape (..., {views}, {keypoints.shape[-2]}) of the '
            f'keypoints, got {tuple(scores.shape)}'
        )
    if (scores < 0).any():
        raise ValueError(f'scores: expected at least 0, got {scores.min().item():g}')
    return scores


def _pieces(
    cameras: Cameras, keypoints: Tensor, scores: Tensor
) -> Iterator[Tuple[Cameras, Tensor, Tensor]]:
    """Cameras ``(G, V)``, keypoints ``(G, V, n, 2)`` and scores ``(G, V, n)``."""
    views, count = scores.shape[-2:]
    if cameras.rotation.ndim == 3:
        keypoints = keypoints.movedim(-3, 0).reshape(1, views, -1, 2)
        scores = scores.movedim(-2, 0).reshape(1, views, -1)
        sets = cameras.sets()
        size = max(1, _PIECE // views)
        for start in range(0, max(1, keypoints.shape[2]), size):
            part = slice(start, start + size)
            yield sets, keypoints[:, :, part], scores[:, :, part]
        return
    sets = cameras.sets(keypoints.shape[:-3])
    groups = len(sets.rotation)
    keypoints = keypoints.reshape(groups, views, count, 2)
    scores = scores.reshape(groups, views, count)
    size = max(1, _PIECE // (views * max(1, count)))
    for start in range(0, max(1, groups), size):
        part = slice(start, start + size)
        yield sets[part], keypoints[part], scores[part]


def _triangulate_piece(
    cameras: Cameras,
    keypoints: Tensor,
    scores: Tensor,
    method: str,
    threshold: Optional[float],
    min_angle: float,
    unit: float,
) -> Triangulation:
    """Triangulation of ``(G, V, n)``."""
    present = keypoints.isfinite().all(-1) & scores.isfinite() & (scores > 0)
    keypoints = torch.where(present[..., None], keypoints, 0)
    flat, possible = cameras.normalised(keypoints)
    used = present = present & possible
    # What counts is the scores' proportion, and tiny or huge ones lose all digits.
    highest = torch.where(present, scores, 0).amax(1, keepdim=True).detach()
    weights = torch.where(present, scores / torch.where(highest > 0, highest, 1), 0)
    observations = Observations.of(cameras, flat, weights)
    status = torch.zeros_like(used[:, 0], dtype=torch.long)
    if method == 'robust':
        limit = 0.01 * cameras.focal.detach()
        if threshold is not None:
            limit = torch.full_like(limit, threshold)
        points, used, agree = triangulate_robust(observations, limit)
        status[~agree] = Status.INCONSISTENT
    else:
        weights = observations.weights if method == 'weighted' else used.to(keypoints)
        points = triangulate_linear(observations, weights, unit)
    points = points.mT
    projection = cameras.project(points)
    status[(used & ~projection.in_front).any(1)] = Status.BEHIND
    status[spread(cameras, flat.detach(), used) < min_angle] = Status.PARALLEL
    status[used.sum(1) < 2] = Status.TOO_FEW
    exists = (status != Status.PARALLEL) & (status != Status.TOO_FEW)
    errors = torch.linalg.vector_norm(projection.pixels - keypoints, dim=-1)
    return Triangulation(
        torch.where(exists[..., None], points, 0),
        torch.where(present & exists[:, None], errors, 0),
        used & exists[:, None],
        status,
    )


def _joined(
    pieces: Sequence[Triangulation], shared: bool, shape: Sequence[int]
) -> Triangulation:
    """The pieces in the shape ``(..., V, J)`` that scores came in."""
    *leading, views, count = shape

    def of_points(values: List[Tensor], last: Sequence[int]) -> Tensor:
        return torch.cat(values, dim=1 if shared else 0).reshape(*leading, count, *last)

    def of_views(values: List[Tensor]) -> Tensor:
        if not shared:
            return torch.cat(values).reshape(*leading, views, count)
        joined = torch.cat(values, dim=2).reshape(views, *leading, count)
        return joined.movedim(0, -2)

    return Triangulation(
        of_points([piece.points for piece in pieces], (3,)),
        of_views([piece.errors for piece in pieces]),
        of_views([piece.used for piece in pieces]),
        of_points([piece.status for piece in pieces], ()),
    )
