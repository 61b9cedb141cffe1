"""What cameras saw of points, in the form that triangulation works on.

Points lie side by side: G sets of cameras, V views, n points in each set. With cameras
that stand still G is 1, whatever the number of frames and joints, so that every step is
one operation over all of them. Coordinates come before points, ``(G, 3, n)``.

All equations have one form. With the rows ``p1, p2, p3`` of a camera's matrix, a view
that saw a point at ``(x, y)`` says that ``(p1 - x p3) X`` and ``(p2 - y p3) X`` are
zero. The matrix of their least squares is a sum of products of numbers of the view
(which are matrices of the rows) and numbers of the point, so that one matrix product
makes it for all points.
"""

from dataclasses import dataclass
from typing import Tuple

import torch
from torch import Tensor

from .camera import MIN_DEPTH, Cameras


@dataclass(frozen=True, eq=False)
class Observations:
    """Undistorted image points, and what each of them is worth.

    Attributes:
        matrix: ``(G, V, 3, 4)``, from the world, m, to homogeneous px counted from the
            principal point, of cameras without lenses.
        x: ``(G, V, n)``, px from the principal point, undistorted.
        y: ``(G, V, n)``, the same.
        weights: ``(G, V, n)``; factors of the equations, 0 where nothing was seen.
    """

    matrix: Tensor
    x: Tensor
    y: Tensor
    weights: Tensor

    @staticmethod
    def of(cameras: Cameras, flat: Tensor, weights: Tensor) -> 'Observations':
        """From undistorted points at depth 1 ``(G, V, n, 2)``, and their weights."""
        pose = torch.cat([cameras.rotation, cameras.translation[..., None]], dim=-1)
        upper = cameras.intrinsics[..., :2, :2] @ pose[..., :2, :]
        x, y = (flat @ cameras.intrinsics[..., :2, :2].mT).unbind(-1)
        matrix = torch.cat([upper, pose[..., 2:, :]], dim=-2)
        return Observations(matrix, x.contiguous(), y.contiguous(), weights)

    @property
    def centres(self) -> Tensor:
        """``(G, V, 3, 1)``, where the cameras are, m."""
        return -torch.linalg.solve(self.matrix[..., :3], self.matrix[..., 3:])

    @property
    def present(self) -> Tensor:
        """``(G, V, n)``, bool: where something was seen."""
        return self.weights > 0

    def take(self, chosen: Tensor) -> 'Observations':
        """The points of a mask ``(G, n)``, each in a set of its own unless G is 1."""
        parts = self.x, self.y, self.weights
        if len(chosen) == 1:
            index = chosen[0].nonzero()[:, 0]
            return Observations(self.matrix, *(p.index_select(2, index) for p in parts))
        sets, points = chosen.nonzero().unbind(-1)
        taken = (part[sets, :, points, None] for part in parts)
        return Observations(self.matrix[sets], *taken)

    def reproject(self, points: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        """Where points ``(G, 3, n)`` would be seen without lenses.

        Returns:
            x and y ``(G, V, n)``, px from the principal point, and the depth, m. Behind
            a camera x and y are those of the smallest depth in front of it.
        """
        seen = self.matrix[..., :3].flatten(1, 2) @ points
        seen = seen.unflatten(1, (-1, 3)) + self.matrix[..., 3:]
        x, y, depth = seen.unbind(2)
        inverse = depth.clamp(min=MIN_DEPTH).reciprocal()
        return x * inverse, y * inverse, depth


def squares(matrix: Tensor, x: Tensor, y: Tensor, wx: Tensor, wy: Tensor) -> Tensor:
    """Matrix of the least squares of all views' equations.

    Args:
        matrix: ``(G, V, 3, C)``, the cameras' rows.
        x: ``(G, V, n)``, px.
        y: ``(G, V, n)``, px.
        wx: ``(G, V, n)``, squared weights of the equations in x.
        wy: ``(G, V, n)``, of those in y.

    Returns:
        ``(G, C, C, n)``.
    """
    p1, p2, p3 = matrix.unbind(2)
    of_views = [_outer(p1, p1), _outer(p2, p2), _outer(p3, p3)]
    of_views += [-_outer(p1, p3) - _outer(p3, p1), -_outer(p2, p3) - _outer(p3, p2)]
    wxx, wyy = wx * x, wy * y
    of_points = torch.cat([wx, wy, wxx * x + wyy * y, wxx, wyy], dim=1)
    size = matrix.shape[-1]
    return (torch.cat(of_views, dim=1).mT @ of_points).unflatten(1, (size, size))


def slopes(matrix: Tensor, x: Tensor, y: Tensor, ex: Tensor, ey: Tensor) -> Tensor:
    """The equations' rows, each times a number, summed: ``(G, C, n)``.

    Args:
        matrix: ``(G, V, 3, C)``, the cameras' rows.
        x: ``(G, V, n)``, px.
        y: ``(G, V, n)``, px.
        ex: ``(G, V, n)``, the numbers of the equations in x.
        ey: ``(G, V, n)``, those of the equations in y.
    """
    of_points = torch.stack([ex, ey, -(ex * x + ey * y)], dim=2).flatten(1, 2)
    return matrix.flatten(1, 2).mT @ of_points


def solve(matrix: Tensor, right: Tensor) -> Tensor:
    """Solutions ``(G, 3, n)`` of symmetric equations; 0 where there is none.

    By cofactors: for very many very small systems, several times as fast as a
    factorisation of each.
    """
    (a, b, c), (_, d, e), (_, _, f) = (row.unbind(1) for row in matrix.unbind(1))
    u, v, w = right.unbind(1)
    df, ce, be = d * f - e * e, c * e - b * f, b * e - c * d
    af, bc, ad = a * f - c * c, b * c - a * e, a * d - b * b
    determinant = a * df + b * ce + c * be
    fixed = determinant > 1e-14 * (a + d + f) ** 3
    inverse = fixed / torch.where(fixed, determinant, 1)
    solution = [
        (df * u + ce * v + be * w) * inverse,
        (ce * u + af * v + bc * w) * inverse,
        (be * u + bc * v + ad * w) * inverse,
    ]
    return torch.stack(solution, dim=1)


def spread(cameras: Cameras, flat: Tensor, used: Tensor) -> Tensor:
    """Angle between the rays to a point, radians: ``(G, n)``.

    That of two rays, or of two that would fix the point as well as all of them do; 0
    when all lie in one line.

    Args:
        cameras: ``(G, V)``.
        flat: ``(G, V, n, 2)``, undistorted points at depth 1.
        used: ``(G, V, n)``, bool.
    """
    rays = torch.cat([flat, torch.ones_like(flat[..., :1])], dim=-1)
    x, y, z = (rays @ cameras.rotation).unbind(-1)
    # By hand: torch's normalize is slow over a last axis of three.
    length = torch.sqrt(x * x + y * y + z * z)
    x, y, z = (part * used / length for part in (x, y, z))
    # The identity minus the mean of d d^T; of two rays at an angle its determinant is
    # sin(angle)^2 / 4.
    count = used.sum(1).clamp(min=1)
    a, d, f = (1 - (part * part).sum(1) / count for part in (x, y, z))
    b, c, e = (-(p * q).sum(1) / count for p, q in ((x, y), (x, z), (y, z)))
    determinant = a * (d * f - e * e) - b * (b * f - c * e) + c * (b * e - c * d)
    return torch.asin((2 * determinant.clamp(min=0).sqrt()).clamp(max=1))


def _outer(first: Tensor, second: Tensor) -> Tensor:
    """Products of all entries ``(G, V, C * C)``."""
    return (first[..., :, None] * second[..., None, :]).flatten(-2)
