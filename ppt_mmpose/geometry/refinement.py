"""Points of least reprojection error, by Gauss-Newton steps."""

from typing import Tuple

import torch
from torch import Tensor

from .camera import MIN_DEPTH
from .observations import Observations, solve

# Steps shorter than this, m, change no result.
_TOLERANCE = 1e-10


def refine(
    observations: Observations, points: Tensor, weights: Tensor, steps: int
) -> Tensor:
    """Points with the least weighted squares of differences in the images.

    A step is taken only where it leads to a better point. The last one carries the
    gradient: that of the solution, in the approximation of Gauss and Newton.

    Args:
        observations: with what was seen.
        points: ``(G, n, 3)``, m, where to start.
        weights: ``(G, V, n)``, factors of the differences; 0 to leave a view out.
        steps: at most.

    Returns:
        ``(G, n, 3)``, m.
    """
    with torch.no_grad():
        points = points.detach()
        cost, step = _cost_and_step(observations, points, weights)
        for _ in range(steps):
            tried = points + step
            tried_cost, tried_step = _cost_and_step(observations, tried, weights)
            better = (tried_cost <= cost)[..., None]
            points = torch.where(better, tried, points)
            step = torch.where(better, tried_step, torch.zeros_like(step))
            cost = torch.minimum(cost, tried_cost)
            if step.abs().max() < _TOLERANCE:
                break
    if not torch.is_grad_enabled():
        return points
    step = _cost_and_step(observations, points, weights)[1]
    return points + step - step.detach()


def _cost_and_step(
    observations: Observations, points: Tensor, weights: Tensor
) -> Tuple[Tensor, Tensor]:
    """Weighted sum of squares ``(G, n)``, px^2, and the next step ``(G, n, 3)``, m."""
    difference, in_camera = observations.reproject(points)
    behind = (in_camera[..., 2] <= MIN_DEPTH) & (weights > 0)
    # The derivative is fixed: it says where a step leads, not what the solution is.
    fixed = in_camera.detach()
    depth = fixed[..., 2:].clamp(min=MIN_DEPTH)
    rotation = observations.cameras.rotation.detach()[..., None, :, :]
    focal = observations.cameras.focal.detach()[..., None, :]
    slope = (fixed[..., :2] / depth)[..., None] * rotation[..., 2:, :]
    jacobian = (rotation[..., :2, :] - slope) * (focal / depth)[..., None]
    jacobian = (
        (jacobian * weights[..., None, None]).permute(0, 2, 1, 3, 4).flatten(2, 3)
    )
    weighted = difference * weights[..., None]
    values = weighted.permute(0, 2, 1, 3).flatten(2, 3)[..., None]  # (G, n, 2V, 1)
    step = -solve(jacobian.mT @ jacobian, (jacobian.mT @ values)[..., 0])
    cost = (weighted**2).sum(-1).sum(1)
    # From behind a camera the derivative leads nowhere.
    lost = behind.any(1)
    cost = torch.where(lost, torch.full_like(cost, torch.inf), cost)
    return cost, torch.where(lost[..., None], torch.zeros_like(step), step)
