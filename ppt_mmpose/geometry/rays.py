"""Viewing rays, straight from the pixels.

The released multi-view PPT puts a point on each ray at a depth of one millimetre,
carries it into the world in float32 and subtracts the camera's centre again, which
leaves errors of about 4e-4 in directions of length 1. Here a direction is turned into
the world, and no centre is added or taken away.
"""

from typing import Tuple

import torch
from torch import Tensor
from torch.nn.functional import normalize

from .camera import Cameras


def pixel_rays(cameras: Cameras, pixels: Tensor, undistort: bool = True) -> Tensor:
    """Directions in which pixels look.

    Args:
        cameras: ``(..., V)``.
        pixels: ``(..., V, J, 2)``, px.
        undistort: False for rays as if the cameras had no lenses (the released
            multi-view PPT).

    Returns:
        ``(..., V, J, 3)``, world, of length 1. Of a pixel that the lens cannot show,
        the ray is that of a camera without lens.
    """
    if not undistort:
        cameras = cameras.without_distortion()
    flat = cameras.normalised(pixels).points
    directions = torch.cat([flat, torch.ones_like(flat[..., :1])], dim=-1)
    return normalize(directions @ cameras.rotation, dim=-1)


def patch_centres(rows: int, columns: int, patch: Tuple[int, int]) -> Tensor:
    """Centres of patches ``(rows * columns, 2)``, px of the crop, row by row.

    Args:
        rows: patches from top to bottom.
        columns: patches from left to right.
        patch: height and width of a patch, px.
    """
    size = torch.tensor(patch[::-1], dtype=torch.float64)
    y = torch.arange(rows, dtype=torch.float64)
    x = torch.arange(columns, dtype=torch.float64)
    grid = torch.meshgrid(y, x, indexing='ij')
    return torch.stack(grid[::-1], dim=-1).view(-1, 2) * size + (size - 1) / 2


def patch_rays(
    cameras: Cameras,
    rows: int,
    columns: int,
    patch: Tuple[int, int],
    *,
    undistort: bool = True,
) -> Tensor:
    """Directions in which the patches of crops look.

    Args:
        cameras: ``(..., V)``, of the crops (`Cameras.transformed`).
        rows: patches from top to bottom.
        columns: patches from left to right.
        patch: height and width of a patch, px of the crop.
        undistort: see `pixel_rays`.

    Returns:
        ``(..., V, N, 3)``, world, of length 1; N is rows times columns, row by row.
    """
    centres = patch_centres(rows, columns, patch).to(cameras.rotation.device)
    leading = cameras.rotation.shape[:-2]
    return pixel_rays(cameras, centres.expand(*leading, -1, 2), undistort)
