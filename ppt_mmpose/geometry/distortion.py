"""Lens distortion: radial (rational), tangential and thin-prism, as in OpenCV.

The coefficients are OpenCV's first twelve, in its order: ``k1 k2 p1 p2 k3 k4 k5 k6 s1
s2 s3 s4``. Points are those of the plane at depth 1 in camera coordinates (``x / z``,
``y / z``), without unit.

Distorting is a polynomial; undistorting solves it by Newton's method. A lens that draws
points inwards has an outermost circle that it can reach: for a point beyond it there is
nothing to find, and the result says so.
"""

from typing import NamedTuple, Tuple

import torch
from torch import Tensor

COEFFICIENTS = ('k1', 'k2', 'p1', 'p2', 'k3', 'k4', 'k5', 'k6', 's1', 's2', 's3', 's4')
_MAX_STEPS = 30
_TOLERANCE = 1e-12


class Undistorted(NamedTuple):
    """Points without distortion.

    Attributes:
        points: ``(..., 2)``; where nothing was found, the distorted ones as they came.
        found: ``(...)``, bool.
    """

    points: Tensor
    found: Tensor


def distort(points: Tensor, coefficients: Tensor) -> Tensor:
    """Points as the lens shows them.

    Args:
        points: ``(..., 2)`` at depth 1.
        coefficients: ``(..., 12)``, broadcast against the points'.

    Returns:
        ``(..., 2)``.
    """
    return _distorted(points, coefficients)[0]


def undistort(points: Tensor, coefficients: Tensor) -> Undistorted:
    """Points as they would be without the lens; the inverse of `distort`.

    The gradient is that of the exact inverse, with respect to points and coefficients.

    Args:
        points: ``(..., 2)`` at depth 1, as the lens shows them.
        coefficients: ``(..., 12)``, broadcast against the points'.

    Returns:
        The points, and which of them the lens can have shown.
    """
    if not coefficients.any():
        return Undistorted(points, torch.ones_like(points[..., 0], dtype=torch.bool))
    with torch.no_grad():
        solved = points.clone()
        for _ in range(_MAX_STEPS):
            step, determinant = _newton_step(solved, points, coefficients)
            solved = solved - step
            # NaN compares as false: points that ran away are not waited for.
            if not (step.abs() > _TOLERANCE).any():
                break
        step, determinant = _newton_step(solved, points, coefficients)
        found = (step.abs() <= 1e3 * _TOLERANCE).all(-1) & (determinant > 0)
        solved = torch.where(found[..., None], solved, torch.zeros_like(solved))
        inverse = _inverse(_distorted(solved, coefficients)[1])
    # One more step that autograd sees: at the solution it changes nothing but carries
    # the gradient of the implicit function.
    residual = _distorted(solved, coefficients)[0] - points
    exact = solved - (inverse @ residual[..., None])[..., 0]
    return Undistorted(torch.where(found[..., None], exact, points), found)


def _distorted(points: Tensor, coefficients: Tensor) -> Tuple[Tensor, Tensor]:
    """Distorted points ``(..., 2)`` and their derivative ``(..., 2, 2)``."""
    k1, k2, p1, p2, k3, k4, k5, k6, s1, s2, s3, s4 = coefficients.unbind(-1)
    x, y = points.unbind(-1)
    r2 = x * x + y * y
    top = 1 + r2 * (k1 + r2 * (k2 + r2 * k3))
    bottom = 1 + r2 * (k4 + r2 * (k5 + r2 * k6))
    radial = top / bottom
    xy = x * y
    bent_x = x * radial + 2 * p1 * xy + p2 * (r2 + 2 * x * x) + r2 * (s1 + s2 * r2)
    bent_y = y * radial + 2 * p2 * xy + p1 * (r2 + 2 * y * y) + r2 * (s3 + s4 * r2)

    # With respect to r2, of which the derivatives are 2x and 2y.
    top_slope = k1 + r2 * (2 * k2 + 3 * k3 * r2)
    bottom_slope = k4 + r2 * (2 * k5 + 3 * k6 * r2)
    slope = (top_slope - radial * bottom_slope) / bottom
    prism_x, prism_y = s1 + 2 * s2 * r2, s3 + 2 * s4 * r2
    derivative = torch.stack(
        [
            radial + 2 * x * x * slope + 2 * p1 * y + 6 * p2 * x + 2 * x * prism_x,
            2 * xy * slope + 2 * p1 * x + 2 * p2 * y + 2 * y * prism_x,
            2 * xy * slope + 2 * p2 * y + 2 * p1 * x + 2 * x * prism_y,
            radial + 2 * y * y * slope + 2 * p2 * x + 6 * p1 * y + 2 * y * prism_y,
        ],
        dim=-1,
    )
    shape = (*derivative.shape[:-1], 2, 2)
    return torch.stack([bent_x, bent_y], dim=-1), derivative.view(shape)


def _inverse(matrix: Tensor) -> Tensor:
    """Inverse of ``(..., 2, 2)``; huge but finite where there is none."""
    (a, b), (c, d) = (row.unbind(-1) for row in matrix.unbind(-2))
    determinant = a * d - b * c
    tiny = determinant.abs() < 1e-12
    determinant = torch.where(tiny, torch.full_like(determinant, 1e-12), determinant)
    adjugate = torch.stack([d, -b, -c, a], dim=-1).view(matrix.shape)
    return adjugate / determinant[..., None, None]


def _newton_step(
    solved: Tensor, wanted: Tensor, coefficients: Tensor
) -> Tuple[Tensor, Tensor]:
    """The step ``(..., 2)`` and the determinant ``(...)`` of the derivative."""
    distorted, derivative = _distorted(solved, coefficients)
    step = (_inverse(derivative) @ (distorted - wanted)[..., None])[..., 0]
    (a, b), (c, d) = (row.unbind(-1) for row in derivative.unbind(-2))
    return step, a * d - b * c
