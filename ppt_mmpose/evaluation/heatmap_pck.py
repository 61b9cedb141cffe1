"""Accuracy of heatmaps, computed where they are: nothing is copied to the host.

MMPose's ``pose_pck_accuracy`` is numpy, so that a training on an accelerator waits for
it in every step. Here are the same numbers, in operations of torch.
"""

from typing import Tuple

import torch
from torch import Tensor


def heatmap_pck(
    output: Tensor, target: Tensor, visible: Tensor, *, threshold: float = 0.05
) -> Tensor:
    """Part of the visible joints whose maxima are close; the mean over joint types.

    As in MMPose, distances are measured in heatmaps: along x in their heights and along
    y in their widths (in this order, which matters where they are not square), and a
    heatmap without a positive value has its maximum at (-1, -1).

    Args:
        output: heatmaps of the model, ``(B, J, height, width)``.
        target: theirs, of the same shape.
        visible: ``(B, J)``, bool; other joints do not count, nor do joint types that no
            sample shows.
        threshold: distances below it are close.

    Returns:
        A scalar, float64, in [0, 1]; 0 where nothing is visible. No gradient.
    """
    height, width = output.shape[-2:]
    given, expected = _maxima(output.detach()), _maxima(target.detach())
    x, y = ((a - b).double() for a, b in zip(given, expected))
    # MMPose rounds to float32 before it compares.
    distance = ((x / height).square() + (y / width).square()).sqrt().float()
    close = ((distance < threshold) & visible).sum(dim=0)
    shown = visible.sum(dim=0)
    of_type = close.double() / shown.clamp(min=1)
    return of_type.sum() / (shown > 0).sum().clamp(min=1)


def _maxima(heatmaps: Tensor) -> Tuple[Tensor, Tensor]:
    """Column and row ``(B, J)`` of each maximum, the first one of equals."""
    peak, place = heatmaps.flatten(2).max(dim=2)
    width = heatmaps.shape[3]
    row = torch.div(place, width, rounding_mode='floor')
    column = place - row * width
    nowhere = peak <= 0
    return column.masked_fill(nowhere, -1), row.masked_fill(nowhere, -1)
