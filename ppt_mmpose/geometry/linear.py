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

from .observations import Observations


def triangulate_linear(
    observations: Observations, weights: Tensor, unit: float = 1e-3
) -> Tensor:
    """Points ``(G, n, 3)``, m.

    A point at infinity comes out at the world's origin.

    Args:
        observations: with what was seen.
        weights: ``(G, V, n)``, factors of the equations.
        unit: of the world in which the solution is a unit vector, m.
    """
    normal = _normal_matrix(observations, weights, unit)
    with torch.no_grad():
        values, vectors = torch.linalg.eigh(normal)
        solution, others = vectors[..., 0], vectors[..., 1:]
        gaps = (values[..., 1:] - values[..., :1]).clamp(min=1e-30)
    # A perturbation of first order: zero here, and the gradient of the eigenvector.
    # PyTorch's own would divide by the gaps between the other eigenvalues, too.
    moved = others.mT @ normal @ solution[..., None]
    solution = solution - (others @ (moved / gaps[..., None]))[..., 0]
    last = solution[..., 3:]
    finite = last.abs() > 1e-12
    safe = torch.where(finite, last, torch.ones_like(last))
    points = unit * solution[..., :3] / safe
    return torch.where(finite, points, torch.zeros_like(points))


def _normal_matrix(observations: Observations, weights: Tensor, unit: float) -> Tensor:
    """Sum of the squares of the equations ``(G, n, 4, 4)``."""
    cameras = observations.cameras
    pose = torch.cat(
        [cameras.rotation * unit, cameras.translation[..., None]], dim=-1
    )  # (G, V, 3, 4)
    along = observations.flat[..., None] * pose[..., None, 2:, :]
    equations = cameras.intrinsics[..., None, :2, :2] @ (along - pose[..., None, :2, :])
    equations = equations * weights[..., None, None]
    rows = equations.permute(0, 2, 1, 3, 4).flatten(2, 3)  # (G, n, 2V, 4)
    return rows.mT @ rows
