"""Fixed 2-D sine position encoding (TokenPose, section 3.2; DETR's variant)."""

import math
from typing import Tuple

import torch
from torch import Tensor


def sine_position_2d(
    grid: Tuple[int, int], channels: int, *, temperature: float = 10000.0
) -> Tensor:
    """Sine encoding of a grid of patches, computed in float64.

    The first half of the channels encodes the row, the second half the column;
    within a half, even channels are sines and odd ones cosines. Positions are
    counted from 1 and scaled to ``(0, 2 pi]``.

    Args:
        grid: rows and columns of the patch grid.
        channels: C, a multiple of 4.
        temperature: ratio of the longest to the shortest wavelength.

    Returns:
        ``(1, N, C)``, float32, N = rows x columns, row-major.

    Raises:
        ValueError: if ``channels`` is no multiple of 4.
    """
    if channels % 4:
        raise ValueError(f'channels: expected a multiple of 4, got {channels}')
    rows, columns = grid
    half = channels // 2

    def encode(count: int) -> Tensor:
        # The released code divides by count + 1e-6, so that the last row is not
        # quite 2 pi.
        index = torch.arange(1, count + 1, dtype=torch.float64)
        angle = index / (count + 1e-6) * 2 * math.pi
        exponent = 2 * (torch.arange(half) // 2) / half
        phase = angle[:, None] / torch.pow(torch.tensor(temperature), exponent)
        pairs = torch.stack((phase[:, 0::2].sin(), phase[:, 1::2].cos()), dim=2)
        return pairs.flatten(1)

    y = encode(rows)[:, None].expand(rows, columns, half)
    x = encode(columns)[None].expand(rows, columns, half)
    return torch.cat((y, x), dim=2).flatten(0, 1)[None].float()
