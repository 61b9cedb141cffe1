"""The pose that rotations are told against: a T, as tall as the person.

X is the person's left, Y up, and they look along Z. Bones point where the name of the
joint at their end tells: knees, ankles, feet and heels down, toes forward, all else
with ``left`` or ``right`` in its name to that side, what remains up. With the names of
Human3.6M that is a T.

Bones that begin at one joint, as those to both shoulders and the neck, turn together.
So the angles between them are those of the recording (the mean of all instants, laid
upon each other); only as a whole they are turned to where their names tell. A bone's
length is the median of all instants that have both of its ends, or 0 without any.
"""

from typing import Sequence

import numpy as np

from .joint_rotations import bone_directions, determined, nearest_rotations
from .joint_tree import JointTree

_LEFT, _UP, _FORWARD = np.eye(3)
_DOWNWARD = ('knee', 'ankle', 'foot', 'heel')


def named_direction(name: str) -> np.ndarray:
    """Where the bone that ends at a joint of this name points in a T, ``(3,)``."""
    lower = name.lower()
    if 'toe' in lower:
        return _FORWARD
    if any(word in lower for word in _DOWNWARD):
        return -_UP
    if 'left' in lower:
        return _LEFT
    return -_LEFT if 'right' in lower else _UP


def rest_offsets(
    tree: JointTree, names: Sequence[str], points: np.ndarray
) -> np.ndarray:
    """Bones at rest.

    Args:
        tree: of the joints.
        names: J.
        points: ``(T, J, 3)``, NaN where none was found.

    Returns:
        ``(J, 3)``, from the parent to each joint; zeros for the root.
    """
    offsets = np.zeros((len(names), 3))
    for joint in tree.order:
        children = tree.children(joint)
        if not children:
            continue
        named = np.array([named_direction(names[child]) for child in children])
        bones = points[:, children] - points[:, joint, None]
        lengths = np.linalg.norm(bones, axis=2)
        found, there = bone_directions(points, joint, children)
        if len(children) > 1:
            named = _joined(named, found, there)
        for number, child in enumerate(children):
            if there[:, number].any():
                length = np.median(lengths[there[:, number], number])
                offsets[child] = length * named[number]
    return offsets


def _joined(named: np.ndarray, found: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Directions with the angles found between them, near the named ones.

    Args:
        named: ``(K, 3)``.
        found: ``(T, K, 3)``.
        there: ``(T, K)``.

    Returns:
        ``(K, 3)``.
    """
    # The instant that has most of them tells the angles; it lacks what others have.
    best = there.sum(1).argmax()
    known = there[best]
    turn = nearest_rotations(named, found[best, None], known[None])[0]
    shape = np.where(known[:, None], found[best], named @ turn.T)
    back = nearest_rotations(shape, found, there)
    use = there & determined(shape, there)[:, None]
    laid = np.where(use[..., None], found @ back, 0).sum(0)
    sizes = np.linalg.norm(laid, axis=1, keepdims=True)
    shape = np.where(sizes > 0, laid / np.where(sizes > 0, sizes, 1), shape)
    every = np.ones((1, len(named)), bool)
    return shape @ nearest_rotations(shape, named[None], every)[0].T
