"""Triangulation that a wrong view does not spoil.

All views first; for the points where one of them disagrees, those that agree best
(`geometry.consensus`). What remains is solved for the least reprojection error.
"""

from typing import Tuple

import torch
from torch import Tensor

from .consensus import agreeing, best_proposal
from .observations import Observations, nearest_to_rays
from .refinement import refine

_ROUNDS = 2
_STEPS = 5


def triangulate_robust(
    observations: Observations, threshold: Tensor
) -> Tuple[Tensor, Tensor, Tensor]:
    """Points, and the views that agree on them.

    Where no two views agree, the point is that of all of them.

    Args:
        observations: with what was seen.
        threshold: ``(G, V)``, px.

    Returns:
        Points ``(G, n, 3)``, m; the views used ``(G, V, n)``, bool; whether they agree
        ``(G, n)``, bool.
    """
    weights, used = observations.weights, observations.present
    points = refine(observations, nearest_to_rays(observations, weights), weights, 3)
    near = agreeing(observations, points, threshold)
    agree = near.sum(1) >= 2
    doubtful = (used & ~near).any(1) & (used.sum(1) > 2)
    if doubtful.any():
        part = observations.take(doubtful)
        seed = points.detach()[doubtful].view(*part.weights.shape[::2], 3)
        if len(doubtful) > 1:
            threshold = threshold[doubtful.nonzero()[:, 0]]
        of_part = _of_agreeing(part, seed, threshold)
        points, agree = points.clone(), agree.clone()
        points[doubtful] = of_part[0].flatten(0, 1)
        used = used.mT.clone()
        used[doubtful] = of_part[1].mT.flatten(0, 1)
        used = used.mT
        agree[doubtful] = of_part[2].flatten()
    return points, used, agree


def _of_agreeing(
    observations: Observations, points: Tensor, threshold: Tensor
) -> Tuple[Tensor, Tensor, Tensor]:
    """As `triangulate_robust`, for points where not all views agree."""
    weights, present = observations.weights, observations.present
    with torch.no_grad():
        everything = points
        points = best_proposal(observations, points, threshold)
        near = agreeing(observations, points, threshold)
        for _ in range(_ROUNDS):
            points = refine(observations, points, weights * near, 2)
            near = agreeing(observations, points, threshold)
        agree = near.sum(1) >= 2
        points = torch.where(agree[..., None], points, everything)
        used = torch.where(agree[:, None], near, present)
    return refine(observations, points, weights * used, _STEPS), used, agree
