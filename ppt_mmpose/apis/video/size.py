"""Poses in pixels to metres, by how tall a person is."""

from typing import Sequence, Tuple

import numpy as np
from scipy.ndimage import median_filter

# Length of the 16 bones of Human3.6M's skeleton together, of a stature of 1: that of
# drawn people (`ppt_mmpose.datasets.synthetic.sequences`), whose build is an adult's.
BONES_BY_STATURE = 2.369
# s, over which the scale is steadied.
_STEADY = 1.0


def in_metres(
    poses: np.ndarray,
    links: Sequence[Tuple[int, int]],
    *,
    rate: float,
    stature: float = 1.7,
) -> np.ndarray:
    """Scale poses until their bones are as long as those of somebody of a stature.

    Each frame has a scale of its own, because a person who comes nearer grows in the
    image: the median of the scales of a second around it.

    Args:
        poses: ``(F, J, 3)``, in any unit, of Human3.6M's joints.
        links: pairs of joints, its bones.
        rate: frames a second.
        stature: m.

    Returns:
        ``(F, J, 3)``, m.

    Raises:
        ValueError: for a stature that is none.
    """
    check_stature(stature)
    ends = np.asarray(links)
    bones = poses[:, ends[:, 0]] - poses[:, ends[:, 1]]
    lengths = np.linalg.norm(bones, axis=-1).sum(1)
    around = min(len(poses), max(1, round(rate * _STEADY))) // 2 * 2 + 1
    lengths = median_filter(lengths, around, mode='nearest')
    scale = stature * BONES_BY_STATURE / np.maximum(lengths, np.finfo(float).tiny)
    return np.asarray(poses * np.minimum(scale, 1e9)[:, None, None])


def check_stature(stature: float) -> None:
    """Refuse what is no height of a person in metres.

    Raises:
        ValueError: naming it.
    """
    if not 0 < stature < 3:
        raise ValueError(f'stature: expected metres, got {stature}')
