"""Rotations as three angles that do not jump where the rotation does not."""

import warnings

import numpy as np
from scipy.spatial.transform import Rotation


def continuous_angles(rotations: np.ndarray, order: str) -> np.ndarray:
    """Euler angles over time.

    A rotation has two triples of angles, each up to whole turns. The first instant has
    that with the second angle within 90 degrees, all others that nearest to the instant
    before. A program that interpolates then does not spin, unless the second angle is
    near 90 degrees, where the other two are about almost the same axis.

    Args:
        rotations: ``(T, J, 3, 3)``, for columns.
        order: three different axes, about those of the turned body, as ``'ZXY'``.

    Returns:
        ``(T, J, 3)``, degrees, in that order.
    """
    with warnings.catch_warnings():
        # At 90 degrees the third angle is 0, which is one of many right answers.
        warnings.filterwarnings('ignore', message='Gimbal lock')
        found = Rotation.from_matrix(rotations.reshape(-1, 3, 3)).as_euler(
            order, degrees=True
        )
    angles = found.reshape(*rotations.shape[:2], 3)
    others = angles * [1, -1, 1] + 180
    for now in range(1, len(angles)):
        before = angles[now - 1]
        pair = np.stack([angles[now], others[now]])
        pair -= 360 * np.round((pair - before) / 360)
        first = np.abs(pair - before).sum(-1).argmin(0)
        angles[now] = np.take_along_axis(pair, first[None, :, None], 0)[0]
    return angles
