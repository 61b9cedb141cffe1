"""Which tokens are left after each pruning (PPT, figure 5)."""

from typing import Optional, Sequence, Tuple

import numpy as np
from torch import Tensor

from ppt_mmpose.tokens import Pruning

from .crops import Image, enlarge
from .panels import grid_of_panels

HEIGHT = 384
# What is left of the brightness where a token was pruned.
SHADE = 0.2


def patch_mask(source: Tensor, grid: Tuple[int, int]) -> np.ndarray:
    """Where patches are present.

    Args:
        source: ``(N,)``, int64, original patch indices, in any order.
        grid: rows and columns of patches.

    Returns:
        ``(rows, columns)``, bool.
    """
    mask = np.zeros(grid[0] * grid[1], dtype=bool)
    mask[source.numpy()] = True
    return mask.reshape(grid)


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


def darken_pruned(image: Image, source: Tensor, grid: Tuple[int, int]) -> Image:
    """The picture, dark and grey where no token is left.

    Args:
        image: ``(height, width, 3)``, uint8, RGB.
        source: ``(N,)``, original indices of the patches that are left.
        grid: rows and columns of patches.
    """
    size = image.shape[0], image.shape[1]
    kept = to_pixels(patch_mask(source, grid), size)
    grey = image.mean(axis=2, keepdims=True) * SHADE
    return np.where(kept[..., None], image, grey).astype(np.uint8)


def draw_kept_tokens(
    image: Image,
    prunings: Sequence[Pruning],
    grid: Tuple[int, int],
    *,
    sample: int = 0,
    skeleton: Optional[Image] = None,
) -> Image:
    """The crop, and beside it what is left after each pruning.

    Args:
        image: the crop, ``(height, width, 3)``, uint8, RGB; a small one is enlarged.
        prunings: of one run of the encoder. Layers in the captions count from 1, as
            in the paper.
        grid: rows and columns of patches.
        sample: number of the crop in its batch.
        skeleton: the picture to begin with, of the size of the enlarged crop.

    Returns:
        A strip ``(height, width, 3)``, uint8, RGB.
    """
    image = enlarge(image, HEIGHT)
    first = image if skeleton is None else skeleton
    total = grid[0] * grid[1]
    text = f'{total} patches' if prunings else f'{total} patches, none pruned'
    panels = [(first, text)]
    for one in prunings:
        source = one.source[sample]
        caption = f'layer {one.block + 1}: {len(source)} of {total}'
        panels.append((darken_pruned(image, source, grid), caption))
    return grid_of_panels([panels])
