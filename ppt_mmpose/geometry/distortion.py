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
# Places where a lens is looked at, on a line from the middle and around it.
_SAMPLES = 16


class Undistorted(NamedTuple):
    """Points without distortion.

    Attributes:
        points: ``(..., 2)``; where nothing was found, the distorted ones as they came.
        found: ``(...)``, bool.
    """

    points: Tensor
    found: Tensor


def matters(coefficients: Tensor) -> bool:
    """Whether coefficients bend anything, or are to be learned."""
    return coefficients.requires_grad or bool(coefficients.any())


def distort(points: Tensor, coefficients: Tensor) -> Tensor:
    """Points as the lens shows them.

    Args:
        points: ``(..., 2)`` at depth 1.
        coefficients: ``(..., 12)``, broadcast against the points'.

    Returns:
        ``(..., 2)``.
    """
    x, y = points.unbind(-1)
    return torch.stack(_bent(x, y, coefficients)[:2], dim=-1)


def undistort(points: Tensor, coefficients: Tensor) -> Undistorted:
    """Points as they would be without the lens; the inverse of `distort`.

    The gradient is that of the exact inverse, with respect to points and coefficients.

    Args:
        points: ``(..., 2)`` at depth 1, as the lens shows them.
        coefficients: ``(..., 12)``, broadcast against the points'.

    Returns:
        The points, and which of them the lens can have shown.
    """
    if not matters(coefficients):
        return Undistorted(points, torch.ones_like(points[..., 0], dtype=torch.bool))
    with torch.no_grad():
        # Each coordinate in memory of its own: all that follows goes through them.
        x, y = shown_x, shown_y = [part.contiguous() for part in points.unbind(-1)]
        for _ in range(_MAX_STEPS):
            step_x, step_y, determinant = _newton_step(
                x, y, shown_x, shown_y, coefficients
            )
            x, y = x - step_x, y - step_y
            length = torch.maximum(step_x.abs(), step_y.abs())
            # NaN compares as false: points that ran away are not waited for.
            if not (length > _TOLERANCE).any():
                break
        found = (length <= 1e3 * _TOLERANCE) & (determinant > 0)
        found &= _within_reach(x, y, coefficients)
        x, y = (torch.where(found, part, torch.zeros_like(part)) for part in (x, y))
    if torch.is_grad_enabled() and (points.requires_grad or coefficients.requires_grad):
        x, y = _with_gradient(x, y, points, coefficients)
    undistorted = torch.stack([x, y], dim=-1)
    return Undistorted(torch.where(found[..., None], undistorted, points), found)


def _within_reach(x: Tensor, y: Tensor, coefficients: Tensor) -> Tensor:
    """Whether a lens lets nothing turn back between its middle and these points.

    Beyond the outermost circle that it can reach the polynomial comes back, and the
    same pixel has more points, also on the other side.
    """
    # Mostly the whole disc of the points is within reach, and few places tell.
    farthest = torch.hypot(x, y).amax() if x.numel() else x.new_zeros(())
    angle = torch.arange(_SAMPLES, device=x.device) * (2 * torch.pi / _SAMPLES)
    shares = torch.linspace(1 / _SAMPLES, 1, _SAMPLES, device=x.device)
    radius = farthest * shares[:, None].to(x)
    disc = (radius * angle.cos()).flatten(), (radius * angle.sin()).flatten()
    if _turns_nowhere(*disc, coefficients).all():
        return torch.ones_like(x, dtype=torch.bool)
    reach = torch.ones_like(x, dtype=torch.bool)
    for share in shares.tolist():
        reach &= _turns_nowhere(share * x, share * y, coefficients)
    return reach


def _turns_nowhere(x: Tensor, y: Tensor, coefficients: Tensor) -> Tensor:
    _, _, radial, slope = _bent(x, y, coefficients)
    a, b, c, d = _derivative(x, y, radial, slope, coefficients)
    return (a * d - b * c > 0) & (radial > 0)


def _bent(x: Tensor, y: Tensor, coefficients: Tensor) -> Tuple[Tensor, ...]:
    """Distorted x and y, and what their derivatives need: see `_newton_step`."""
    k1, k2, p1, p2, k3, k4, k5, k6, s1, s2, s3, s4 = coefficients.unbind(-1)
    xx, yy, xy = x * x, y * y, x * y
    r2 = xx + yy
    radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3))
    slope = k1 + r2 * (2 * k2 + 3 * k3 * r2)  # of radial, by r2
    if matters(coefficients[..., 5:8]):
        bottom = 1 + r2 * (k4 + r2 * (k5 + r2 * k6))
        radial = radial / bottom
        slope = (slope - radial * (k4 + r2 * (2 * k5 + 3 * k6 * r2))) / bottom
    bent_x = x * radial + 2 * p1 * xy + p2 * (r2 + 2 * xx)
    bent_y = y * radial + 2 * p2 * xy + p1 * (r2 + 2 * yy)
    if matters(coefficients[..., 8:]):
        bent_x = bent_x + r2 * (s1 + s2 * r2)
        bent_y = bent_y + r2 * (s3 + s4 * r2)
    return bent_x, bent_y, radial, slope


def _derivative(
    x: Tensor, y: Tensor, radial: Tensor, slope: Tensor, coefficients: Tensor
) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    """Of bent x by x and y, and of bent y by x and y."""
    p1, p2 = coefficients[..., 2], coefficients[..., 3]
    both = 2 * (x * y * slope + p1 * x + p2 * y)
    x_by_x = radial + 2 * (x * x * slope + p1 * y + 3 * p2 * x)
    y_by_y = radial + 2 * (y * y * slope + p2 * x + 3 * p1 * y)
    if not matters(coefficients[..., 8:]):
        return x_by_x, both, both, y_by_y
    r2 = x * x + y * y
    s1, s2, s3, s4 = coefficients[..., 8:].unbind(-1)
    of_x, of_y = 2 * (s1 + 2 * s2 * r2), 2 * (s3 + 2 * s4 * r2)
    return x_by_x + x * of_x, both + y * of_x, both + x * of_y, y_by_y + y * of_y


def _newton_step(
    x: Tensor, y: Tensor, shown_x: Tensor, shown_y: Tensor, coefficients: Tensor
) -> Tuple[Tensor, Tensor, Tensor]:
    """The step in x and y, and the determinant of the derivative."""
    bent_x, bent_y, radial, slope = _bent(x, y, coefficients)
    a, b, c, d = _derivative(x, y, radial, slope, coefficients)
    determinant = a * d - b * c
    # Where the derivative vanishes a long step ends the search without a division by 0.
    safe = torch.where(determinant.abs() < 1e-12, 1e-12, determinant)
    off_x, off_y = bent_x - shown_x, bent_y - shown_y
    return (d * off_x - b * off_y) / safe, (a * off_y - c * off_x) / safe, determinant


def _with_gradient(
    x: Tensor, y: Tensor, shown: Tensor, coefficients: Tensor
) -> Tuple[Tensor, Tensor]:
    """One more step, which changes nothing and has the implicit function's gradient."""
    with torch.no_grad():
        _, _, radial, slope = _bent(x, y, coefficients)
        a, b, c, d = _derivative(x, y, radial, slope, coefficients)
        determinant = a * d - b * c
    bent_x, bent_y = _bent(x, y, coefficients)[:2]
    off_x, off_y = bent_x - shown[..., 0], bent_y - shown[..., 1]
    step_x = (d * off_x - b * off_y) / determinant
    step_y = (a * off_y - c * off_x) / determinant
    return x - step_x, y - step_y
