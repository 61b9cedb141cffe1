"""What files for other programs have in common: Y is up, units differ, names are words.

``up`` names the axis of the recording's world that points up; the world is then turned
until that axis is +Y, by `geometry.up_axis.turn_up`, for ``'+z'``: (x, y, z) becomes
(x, z, -y).
"""

from typing import List, Optional

import numpy as np

from ppt_mmpose.geometry.up_axis import turn_up

from .instant import Recording

# How many of a unit are a metre.
UNITS = {'m': 1.0, 'cm': 100.0, 'mm': 1000.0}
# Of numbers in a unit, for a micrometre.
DECIMALS = {'m': 6, 'cm': 4, 'mm': 3}


def world_to_file(up: Optional[str], unit: str) -> np.ndarray:
    """What turns points of the recording's world into those of a file, and scales them.

    Args:
        up: what is up in the recording's world, as ``'+z'``; None turns nothing.
        unit: of the file, one of `UNITS`.

    Returns:
        ``(3, 3)``, for columns: ``in_file = matrix @ in_world``, of metres.

    Raises:
        ValueError: for another unit or axis.
    """
    if unit not in UNITS:
        raise ValueError(f'unit: expected one of {", ".join(UNITS)}, got {unit!r}')
    turn = np.eye(3) if up is None else turn_up(up, '+y')
    return turn * UNITS[unit]


def file_to_world(up: Optional[str], unit: str) -> np.ndarray:
    """The way back from `world_to_file`, with the same arguments."""
    return world_to_file(up, unit).T / UNITS[unit] ** 2


def words_of(recording: Recording, file_format: str) -> List[str]:
    """The keypoints' names, with ``_`` in the place of white space.

    Raises:
        ValueError: where two are the same then, or one is empty, naming the format.
    """
    words = ['_'.join(name.split()) for name in recording.keypoint_names]
    if len(set(words)) < len(words) or '' in words:
        raise ValueError(
            f'keypoint_names: expected each once in {file_format}, got {words}'
        )
    return words
