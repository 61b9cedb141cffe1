"""Points of least reprojection error, by Gauss-Newton steps."""

from typing import Tuple

import torch
from torch import Tensor

from .camera import MIN_DEPTH
from .observations import Observations, slopes, solve, squares

# Steps shorter than this, m, change no result.
_TOLERANCE = 1e-10


def first_guess(observations: Observations, weights: Tensor) -> Tensor:
    """The points ``(G, 3, n)``, m, that solve the linear equations best.

    Where the rays do not fix a point it is the world's origin.

    Args:
        observations: with what was seen.
        weights: ``(G, V, n)``, factors of the equations.
    """
    rows, at_origin = observations.matrix.split([3, 1], dim=-1)
    x, y, squared = observations.x, observations.y, weights**2
    t1, t2, t3 = at_origin.unbind(2)
    right = slopes(rows, x, y, squared * (t1 - x * t3), squared * (t2 - y * t3))
    return -solve(squares(rows, x, y, squared, squared), right)


def refine(
    observations: Observations, points: Tensor, weights: Tensor, steps: int
) -> Tensor:
    """Points with the least weighted squares of differences in the images.

    A step is taken only where it leads to a better point. The last one carries the
    gradient: that of the solution, in the approximation of Gauss and Newton.

    Args:
        observations: with what was seen.
        points: ``(G, 3, n)``, m, where to start.
        weights: ``(G, V, n)``, factors of the differences; 0 to leave a view out.
        steps: at most.

    Returns:
        ``(G, 3, n)``, m.
    """
    with torch.no_grad():
        points = points.detach()
        squared = weights**2
        cost, step = _cost_and_step(observations, points, squared)
        for _ in range(steps):
            tried = points + step
            tried_cost, tried_step = _cost_and_step(observations, tried, squared)
            better = (tried_cost <= cost)[:, None]
            points = torch.where(better, tried, points)
            step = torch.where(better, tried_step, 0)
            cost = torch.minimum(cost, tried_cost)
            if not step.numel() or step.abs().max() < _TOLERANCE:
                break
    parts = observations.matrix, observations.x, observations.y, weights
    if not (torch.is_grad_enabled() and any(part.requires_grad for part in parts)):
        return points
    step = _cost_and_step(observations, points, weights**2)[1]
    return points + step - step.detach()


def _cost_and_step(
    observations: Observations, points: Tensor, squared: Tensor
) -> Tuple[Tensor, Tensor]:
    """Weighted sum of squares ``(G, n)``, px^2, and the next step ``(G, 3, n)``, m."""
    x, y, depth = observations.reproject(points)
    ex, ey = x - observations.x, y - observations.y
    wex, wey = squared * ex, squared * ey
    cost = (wex * ex + wey * ey).sum(1)
    # The derivative is fixed: it says where a step leads, not what the solution is.
    x, y = x.detach(), y.detach()
    inverse = depth.detach().clamp(min=MIN_DEPTH).reciprocal()
    rows = observations.matrix.detach()[..., :3]
    scaled = squared.detach() * inverse**2
    right = slopes(rows, x, y, wex * inverse, wey * inverse)
    step = -solve(squares(rows, x, y, scaled, scaled), right)
    # From behind a camera the derivative leads nowhere.
    lost = ((depth <= MIN_DEPTH) & (squared > 0)).any(1)
    return torch.where(lost, torch.inf, cost), torch.where(lost[:, None], 0, step)
