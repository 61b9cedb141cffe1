"""Triangulation by the direct linear transform (DLT).

Hartley and Zisserman, Multiple View Geometry, 12.2: every view gives two equations
``(x p3 - p1) X = 0`` in the homogeneous point; the solution is the unit vector for
which they are violated least. With unit weights this is the triangulation of the
released multi-view PPT (through pymvg).

A homogeneous solution depends on the unit of the world, because the unit vector
weighs the point's coordinates against its fourth one. The release works in millimetres;
so does this by default, and takes and gives metres.
"""

import torch
from torch import Tensor

from .observations import Observations, solve, squares

_ROUNDS = 2


def triangulate_linear(
    observations: Observations, weights: Tensor, unit: float = 1e-3
) -> Tensor:
    """Points ``(G, 3, n)``, m.

    A point at infinity comes out at the world's origin.

    Args:
        observations: with what was seen.
        weights: ``(G, V, n)``, factors of the equations.
        unit: of the world in which the solution is a unit vector, m.
    """
    matrix, x, y = observations.matrix, observations.x, observations.y
    normal = squares(matrix, x, y, weights**2, weights**2)
    with torch.no_grad():
        points = _smallest_eigenvector(normal, unit)
        for _ in range(_ROUNDS):
            points = _polished(normal, points, unit)
    # Once more, for the gradient: as the rounds converge quadratically, that of the
    # last one is the solution's.
    return _polished(normal, points, unit) if normal.requires_grad else points


def _smallest_eigenvector(normal: Tensor, unit: float) -> Tensor:
    """Points of the unit vectors; in millimetres they lose half of the digits."""
    scale = normal.new_tensor([unit] * 3 + [1])
    scaled = normal.permute(0, 3, 1, 2) * scale * scale[:, None]
    vector = torch.linalg.eigh(scaled).eigenvectors[..., 0]
    last = vector[..., 3:]
    finite = last.abs() > 1e-12
    points = unit * vector[..., :3] / torch.where(finite, last, 1)
    return torch.where(finite, points, 0).mT


def _polished(normal: Tensor, points: Tensor, unit: float) -> Tensor:
    """A round of Rayleigh's quotient iteration, in metres, where no digit is lost."""
    of_points, right, last = normal[:, :3, :3], normal[:, :3, 3], normal[:, 3, 3]
    product = (of_points * points[:, None]).sum(2)
    cost = (product + 2 * right) * points
    length = (points**2).sum(1) + unit**2
    quotient = (cost.sum(1) + last) / length
    identity = torch.eye(3, dtype=normal.dtype, device=normal.device)[..., None]
    moved = -solve(of_points - quotient[:, None, None] * identity, right)
    return torch.where((moved == 0).all(1, keepdim=True), points, moved)
