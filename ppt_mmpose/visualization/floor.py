"""The floor of a scene, as lines between tiles."""

from typing import Tuple

import numpy as np

# Sides of the tiles, m; the smallest is taken that gives no more than these.
_TILES = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 50.0)
_MOST_TILES = 16


def floor_lines(low: np.ndarray, high: np.ndarray) -> Tuple[np.ndarray, float]:
    """Lines at whole numbers of tiles, on the lowest side of a box.

    Args:
        low: ``(3,)``, m, the corner with the smallest coordinates; z points up.
        high: ``(3,)``, m.

    Returns:
        Ends of the lines ``(n, 2, 3)``, m, and the side of a tile, m.
    """
    longest = (high - low)[:2].max()
    tile = next((t for t in _TILES if longest / t <= _MOST_TILES), _TILES[-1])
    lines = []
    for axis in (0, 1):
        first = np.ceil(low[axis] / tile)
        for place in np.arange(first, high[axis] / tile) * tile:
            line = np.tile(low, (2, 1))
            line[1] = high[0], high[1], low[2]
            line[:, axis] = place
            lines.append(line)
    return np.array(lines).reshape(-1, 2, 3), tile
