"""From visual tokens back to the pixels of their patches."""

from typing import Optional, Tuple

import numpy as np
from torch import Tensor

from .crops import Image

# Pruned patches are veiled in grey: made dark, they would look like the black border
# of a crop that reaches beyond its image, and kept ones there would not be seen.
VEIL, THROUGH = 80, 0.25


def on_grid(values: np.ndarray, source: Tensor, grid: Tuple[int, int]) -> np.ndarray:
    """Put the values of visual tokens where their patches are.

    Args:
        values: ``(N,)``.
        source: ``(N,)``, int64, original patch indices, in any order.
        grid: rows and columns of patches.

    Returns:
        ``(rows, columns)``; 0, or False, where a token was pruned.
    """
    patches = np.zeros(grid[0] * grid[1], values.dtype)
    patches[source.numpy()] = values
    return patches.reshape(grid)


def to_pixels(patches: np.ndarray, size: Tuple[int, int]) -> np.ndarray:
    """Give every pixel the value of its patch.

    Args:
        patches: ``(rows, columns, ...)``.
        size: height and width of the picture, px.

    Returns:
        ``(height, width, ...)``.

    Raises:
        ValueError: if the patches do not divide the picture.
    """
    rows, columns = patches.shape[:2]
    if size[0] % rows or size[1] % columns:
        raise ValueError(
            f'size: expected (height, width) that {rows} x {columns} patches divide, '
            f'got {tuple(size)}'
        )
    return patches.repeat(size[0] // rows, 0).repeat(size[1] // columns, 1)


def veil_pruned(
    image: Image, source: Tensor, grid: Tuple[int, int], *, over: Optional[Image] = None
) -> Image:
    """The picture, under a grey veil where no token is left.

    Args:
        image: ``(height, width, 3)``, uint8, RGB.
        source: ``(N,)``, int64, original indices of the patches that are left.
        grid: rows and columns of patches.
        over: what to show where tokens are left; the picture itself when None.
    """
    left = on_grid(np.ones(len(source), bool), source, grid)
    left = to_pixels(left, (image.shape[0], image.shape[1]))[..., None]
    veiled = VEIL + THROUGH * image.mean(axis=2, keepdims=True)
    return np.where(left, image if over is None else over, veiled).astype(np.uint8)
