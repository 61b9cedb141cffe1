"""Which tokens are left after each pruning (PPT, figures 5 and 6)."""

from typing import List, Optional, Sequence, Tuple

from ppt_mmpose.tokens import Pruning

from .crops import Image, enlarge
from .panels import Panel, grid_of_panels
from .patches import veil_pruned

HEIGHT = 384


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
    panels = kept_panels(image, prunings, grid, sample=sample, skeleton=skeleton)
    return grid_of_panels([panels])


def kept_panels(
    image: Image,
    prunings: Sequence[Pruning],
    grid: Tuple[int, int],
    *,
    sample: int = 0,
    skeleton: Optional[Image] = None,
) -> List[Panel]:
    """The crop, and what is left after each pruning.

    Args:
        image: the crop, ``(height, width, 3)``, uint8, RGB.
        prunings: as in `draw_kept_tokens`.
        grid: rows and columns of patches.
        sample: number of the crop in its batch.
        skeleton: the picture to begin with, of the size of the crop.
    """
    first = image if skeleton is None else skeleton
    total = grid[0] * grid[1]
    text = f'{total} patches' if prunings else f'{total} patches, none pruned'
    panels = [(first, text)]
    for one in prunings:
        source = one.source[sample]
        caption = f'layer {one.block + 1}: {len(source)} of {total}'
        panels.append((veil_pruned(image, source, grid), caption))
    return panels
