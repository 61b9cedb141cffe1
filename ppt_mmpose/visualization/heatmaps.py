"""Where the model finds each keypoint (PPT, figure 7)."""

from typing import List, Optional, Sequence

import cv2
import numpy as np
from torch import Tensor

from .attention_maps import coloured
from .crops import Image, enlarge
from .panels import Panel, grid_of_panels

HEIGHT = 256


def draw_heatmaps(
    image: Image,
    heatmaps: Tensor,
    *,
    keypoints: Sequence[int],
    names: Sequence[str],
    skeleton: Optional[Image] = None,
) -> Image:
    """The crop, the highest of all heatmaps at each pixel, and chosen heatmaps.

    Args:
        image: the crop, ``(height, width, 3)``, uint8, RGB; a small one is enlarged.
        heatmaps: ``(J, height, width)``.
        keypoints: which to show.
        names: of all J keypoints.
        skeleton: the picture to begin with.

    Returns:
        A strip ``(height, width, 3)``, uint8, RGB.
    """
    image = enlarge(image, HEIGHT)
    first = image
    if skeleton is not None:
        size = image.shape[1], image.shape[0]
        first = cv2.resize(skeleton, size, interpolation=cv2.INTER_AREA)
    panels = heatmap_panels(image, heatmaps, keypoints=keypoints, names=names)
    return grid_of_panels([[(first, 'prediction'), *panels]])


def heatmap_panels(
    image: Image,
    heatmaps: Tensor,
    *,
    keypoints: Sequence[int],
    names: Sequence[str],
    highest: Optional[Tensor] = None,
) -> List[Panel]:
    """The highest of all heatmaps at each pixel, and chosen heatmaps.

    Args:
        image: the crop, ``(height, width, 3)``, uint8, RGB.
        heatmaps: ``(J, height, width)``.
        keypoints: which to show.
        names: of all J keypoints.
        highest: ``(J)``, the values that are red; those of these heatmaps when None.
    """
    peaks = heatmaps.flatten(1).amax(1)
    highest = peaks if highest is None else highest
    # Each in its own scale: a keypoint of which the model is unsure is seen, too.
    scale = highest.clamp(min=float(np.finfo(np.float32).tiny))[:, None, None]
    everything = (heatmaps / scale).amax(0)
    panels = [(_over(image, everything, 1.0), 'all keypoints')]
    for keypoint in keypoints:
        over = _over(image, heatmaps[keypoint], float(highest[keypoint]))
        name = names[keypoint].replace('_', ' ')
        panels.append((over, f'{name}, max {float(peaks[keypoint]):.2f}'))
    return panels


def _over(image: Image, heatmap: Tensor, highest: float) -> Image:
    size = image.shape[1], image.shape[0]
    values = cv2.resize(heatmap.numpy(), size, interpolation=cv2.INTER_LINEAR)
    return coloured(image, values, highest=highest)
