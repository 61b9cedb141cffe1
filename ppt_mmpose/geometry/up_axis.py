"""Which way is up in a world, and the same world turned until another way is up.

A calibration does not tell which of its axes points away from the floor; it is named
with its sign: ``'+z'`` where z points up, ``'-y'`` where y points down, as in a world
that is the first camera's.
"""

from typing import Tuple

import numpy as np

UP_AXES = ('+x', '-x', '+y', '-y', '+z', '-z')


def up_vector(up: str) -> np.ndarray:
    """The direction away from the floor, ``(3,)``, of length 1.

    Args:
        up: one of `UP_AXES`.

    Raises:
        ValueError: for another name.
    """
    axis, sign = _parts(up)
    vector = np.zeros(3)
    vector[axis] = sign
    return vector


def turn_up(up: str, onto: str) -> np.ndarray:
    """The smallest rotation that brings one direction onto another.

    A quarter turn about the axis that neither of them names; for opposite directions
    half a turn about x, or about z where they are x themselves; for equal directions
    none.

    Args:
        up: what points up, one of `UP_AXES`.
        onto: what shall point up.

    Returns:
        ``(3, 3)`` of 0, 1 and -1, determinant 1, for columns: ``turned = matrix @ x``.
        The way back is its transpose.

    Raises:
        ValueError: for a name that is none.
    """
    first, last = up_vector(up), up_vector(onto)
    if up == onto:
        return np.eye(3)
    if up[1] == onto[1]:
        half = np.array([1.0, -1, -1] if up[1] != 'x' else [-1.0, -1, 1])
        return np.diag(half)
    about = np.cross(first, last)
    return np.outer(about, about) + np.outer(last, first) - np.outer(first, last)


def _parts(up: str) -> Tuple[int, int]:
    if up not in UP_AXES:
        raise ValueError(f'up: expected one of {", ".join(UP_AXES)}, got {up!r}')
    return 'xyz'.index(up[1]), 1 if up[0] == '+' else -1
