"""What cameras saw of points, in the form that triangulation works on.

Points lie side by side: G sets of cameras, V views, n points in each set. With cameras
that stand still G is 1, whatever the number of frames and joints, so that every step
is one operation over all of them.
"""

from dataclasses import dataclass
from typing import Tuple

import torch
from torch import Tensor
from torch.nn.functional import normalize

from .camera import MIN_DEPTH, Cameras


@dataclass(frozen=True, eq=False)
class Observations:
    """Undistorted image points, and what each of them is worth.

    Attributes:
        cameras: ``(G, V)``.
        flat: ``(G, V, n, 2)``, undistorted, at depth 1.
        weights: ``(G, V, n)``; factors of the equations, 0 where nothing was seen.
    """

    cameras: Cameras
    flat: Tensor
    weights: Tensor

    @property
    def present(self) -> Tensor:
        """``(G, V, n)``, bool: where something was seen."""
        return self.weights > 0

    @property
    def directions(self) -> Tensor:
        """``(G, V, n, 3)``, world, of length 1."""
        rays = torch.cat([self.flat, torch.ones_like(self.flat[..., :1])], dim=-1)
        return normalize(rays @ self.cameras.rotation, dim=-1)

    def take(self, chosen: Tensor) -> 'Observations':
        """The points of a mask ``(G, n)``, each in a set of its own unless G is 1."""
        if len(chosen) == 1:
            index = chosen[0].nonzero()[:, 0]
            return Observations(
                self.cameras,
                self.flat.index_select(2, index),
                self.weights.index_select(2, index),
            )
        sets, points = chosen.nonzero().unbind(-1)
        return Observations(
            self.cameras[sets],
            self.flat[sets, :, points, None],
            self.weights[sets, :, points, None],
        )

    def reproject(self, points: Tensor) -> Tuple[Tensor, Tensor]:
        """Where points ``(G, n, 3)`` would be seen without lenses.

        Returns:
            Differences to what was seen ``(G, V, n, 2)``, px along the axes of the
            image, and camera coordinates ``(G, V, n, 3)``. Behind a camera the
            differences are those of a point at the smallest depth in front of it.
        """
        in_camera = self.cameras.to_camera(points)
        depth = in_camera[..., 2:].clamp(min=MIN_DEPTH)
        difference = in_camera[..., :2] / depth - self.flat
        return difference * self.cameras.focal[..., None, :], in_camera

    def spread(self, used: Tensor) -> Tensor:
        """Angle between the rays to a point, radians: ``(G, n)``.

        That of two rays, or of two that would fix the point as well as all do; 0 when
        all of them lie in one line.

        Args:
            used: ``(G, V, n)``, bool.
        """
        count = used.sum(1).clamp(min=1)
        matrix = _normal_of_rays(self.directions, used.to(self.flat))
        determinant = _determinant(matrix / count[..., None, None])
        # Of two rays at an angle a, the determinant is sin(a)^2 / 4.
        return torch.asin((2 * determinant.clamp(min=0).sqrt()).clamp(max=1))


def nearest_to_rays(observations: Observations, weights: Tensor) -> Tensor:
    """The points of least squared distance to the rays ``(G, n, 3)``, m.

    Where rays do not fix a point it is the world's origin.

    Args:
        observations: with their rays.
        weights: ``(G, V, n)``.
    """
    directions = observations.directions
    centres = observations.cameras.centres[..., None, :]
    along = (directions * centres).sum(-1, keepdim=True) * directions
    right = ((centres - along) * weights[..., None]).sum(1)
    return solve(_normal_of_rays(directions, weights), right)


def solve(matrix: Tensor, right: Tensor) -> Tensor:
    """Solution ``(..., 3)`` of symmetric equations; 0 where there is none.

    By cofactors: for very many very small systems, several times as fast as a
    factorisation of each.
    """
    a, b, c = matrix.unbind(-2)
    bc, ca, ab = (torch.linalg.cross(p, q) for p, q in ((b, c), (c, a), (a, b)))
    determinant = (a * bc).sum(-1, keepdim=True)
    scale = matrix.diagonal(dim1=-2, dim2=-1).sum(-1, keepdim=True) ** 3
    fixed = determinant > 1e-14 * scale
    cofactors = torch.stack([bc, ca, ab], dim=-2)
    numerator = (cofactors @ right[..., None])[..., 0]
    safe = torch.where(fixed, determinant, torch.ones_like(determinant))
    return torch.where(fixed, numerator / safe, torch.zeros_like(numerator))


def _normal_of_rays(directions: Tensor, weights: Tensor) -> Tensor:
    """Sum over views of ``weight (I - d d^T)``: ``(G, n, 3, 3)``."""
    weighted = directions * weights[..., None]
    outer = weighted.permute(0, 2, 3, 1) @ directions.permute(0, 2, 1, 3)
    identity = torch.eye(3, dtype=directions.dtype, device=directions.device)
    return weights.sum(1)[..., None, None] * identity - outer


def _determinant(matrix: Tensor) -> Tensor:
    a, b, c = matrix.unbind(-2)
    return (a * torch.linalg.cross(b, c)).sum(-1)
