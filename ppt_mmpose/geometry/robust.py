"""Triangulation that a wrong view does not spoil.

All views first; for the points where one of them disagrees, those that agree best
(`geometry.consensus`). What remains is solved for the least reprojection error.
"""

from typing import Tuple

import torch
from torch import Tensor

from .consensus import agreeing, best_proposal
from .observations import Observations
from .refinement import first_guess, refine

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
        Points ``(G, 3, n)``, m; the views used ``(G, V, n)``, bool; whether they agree
        ``(G, n)``, bool.
    """
    weights, used = observations.weights, observations.present
    with torch.no_grad():
        points = refine(observations, first_guess(observations, weights), weights, 1)
        near = agreeing(observations, points, threshold)
        agree = near.sum(1) >= 2
        doubtful = (used & ~near).any(1) & (used.sum(1) > 2)
        if doubtful.any():
            part = observations.take(doubtful)
            seed = points.mT[doubtful].view(*part.weights.shape[::2], 3).mT
            if len(doubtful) > 1:
                threshold = threshold[doubtful.nonzero()[:, 0]]
            of_part = _agreed(part, seed, threshold)
            points = _replaced(points, doubtful, of_part[0])
            used = _replaced(used, doubtful, of_part[1])
            agree = agree.masked_scatter(doubtful, of_part[2])
    return refine(observations, points, weights * used, _STEPS), used, agree


def _agreed(
    observations: Observations, points: Tensor, threshold: Tensor
) -> Tuple[Tensor, Tensor, Tensor]:
    """As `triangulate_robust`, roughly, for points where not all views agree."""
    everything, present = points, observations.present
    points = best_proposal(observations, points, threshold)
    near = agreeing(observations, points, threshold)
    for _ in range(_ROUNDS):
        points = refine(observations, points, observations.weights * near, 1)
        near = agreeing(observations, points, threshold)
    agree = near.sum(1) >= 2
    points = torch.where(agree[:, None], points, everything)
    return points, torch.where(agree[:, None], near, present), agree


def _replaced(values: Tensor, chosen: Tensor, new: Tensor) -> Tensor:
    """Values ``(G, C, n)`` with new ones, in their order, where ``(G, n)`` is true."""
    values = values.mT.clone()
    values[chosen] = new.mT.flatten(0, 1)
    return values.mT
