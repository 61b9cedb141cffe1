"""Where the keypoints look, layer by layer (TokenPose, figure 3)."""

from typing import Optional, Sequence, Tuple

import cv2
import numpy as np

from ppt_mmpose.tokens import KeypointAttention

from .crops import Image, enlarge
from .panels import grid_of_panels
from .patches import on_grid, to_pixels, veil_pruned

HEIGHT = 192
SHOWN_LAYERS = 6
# Share of the colour where nobody looks, and where the keypoint looks most.
FAINTEST, STRONGEST = 0.35, 0.8
# The end of the scale: above it, OpenCV's reds grow dark.
REDDEST = 228


def spread(count: int, shown: int = SHOWN_LAYERS) -> Tuple[int, ...]:
    """Numbers of at most ``shown`` of ``count`` things, evenly spread, with the last.

    Of 12 blocks these are 1, 3, 5, 7, 9 and 11, the layers of TokenPose's figure 5.
    """
    shown = min(shown, count)
    return tuple((i + 1) * count // shown - 1 for i in range(shown))


def overlay(
    image: Image, patches: np.ndarray, *, highest: Optional[float] = None
) -> Image:
    """Colour the patches of a picture, from blue (0) to red (the highest).

    Args:
        image: ``(height, width, 3)``, uint8, RGB.
        patches: ``(rows, columns)``, 0 or more.
        highest: the value that is red; that of these patches when None.
    """
    size = image.shape[0], image.shape[1]
    return coloured(image, to_pixels(patches, size), highest=highest)


def coloured(
    image: Image, values: np.ndarray, *, highest: Optional[float] = None
) -> Image:
    """Colour the pixels of a picture, from blue (0) to red (the highest).

    Args:
        image: ``(height, width, 3)``, uint8, RGB.
        values: ``(height, width)``; below 0 they are 0.
        highest: the value that is red; that of these values when None.
    """
    highest = values.max() if highest is None else highest
    strength = values[..., None] / max(highest, np.finfo(np.float32).tiny)
    strength = strength.clip(0, 1)
    bgr = cv2.applyColorMap((REDDEST * strength).astype(np.uint8), cv2.COLORMAP_JET)
    share = FAINTEST + (STRONGEST - FAINTEST) * strength
    return (share * bgr[..., ::-1] + (1 - share) * image).astype(np.uint8)


def draw_attention_maps(
    image: Image,
    attention: Sequence[KeypointAttention],
    grid: Tuple[int, int],
    *,
    keypoints: Sequence[int],
    names: Sequence[str],
    sample: int = 0,
    skeleton: Optional[Image] = None,
) -> Image:
    """One row a keypoint, one column a layer.

    Each map has its own scale, because a keypoint's attention to patches differs much
    between layers; the caption names the highest. Pruned patches are grey.

    Args:
        image: the crop, ``(height, width, 3)``, uint8, RGB; a small one is enlarged.
        attention: blocks of one run of the encoder; at most six are shown.
        grid: rows and columns of patches.
        keypoints: which to show.
        names: of all J keypoints.
        sample: number of the crop in its batch.
        skeleton: the picture to begin each row with.
    """
    image = enlarge(image, HEIGHT)
    size = (image.shape[1], image.shape[0])
    first = image
    if skeleton is not None:
        first = cv2.resize(skeleton, size, interpolation=cv2.INTER_AREA)
    rows = []
    for keypoint in keypoints:
        row = [(first, names[keypoint].replace('_', ' '))]
        for index in spread(len(attention)):
            seen = attention[index]
            values = seen.attention[sample, keypoint, len(names) :].numpy()
            source = seen.source[sample]
            over = overlay(image, on_grid(values, source, grid))
            over = veil_pruned(image, source, grid, over=over)
            caption = f'layer {seen.block + 1}, max {values.max():.3f}'
            row.append((over, caption))
        rows.append(row)
    return grid_of_panels(rows, font_size=14)
