"""How joints are turned, from where they are, and the way back.

A joint turns the bones to its children. Its rotation is the one that carries their
directions at rest nearest to those that were found (Kabsch, Acta Cryst. A32, 1976; all
directions weigh the same). One bone leaves open how far it is turned about itself, as
do several on a line: of all such rotations the smallest is taken, against the parent.

Shapes: T instants, J joints, K children of a joint.
"""

from typing import Sequence, Tuple

import numpy as np

from .joint_tree import JointTree

# Weight of staying as the parent is. It decides only what directions leave open; for
# them it is an error of 1e-8 rad.
_STAY = 1e-8
# Shorter bones have no direction, in any unit.
_SHORTEST = 1e-9
# Directions leave open no turn if their second moment about every axis is this large:
# of two of them, if they are 60 degrees or more off a line.
_SPREAD = 0.5


def nearest_rotations(
    rest: np.ndarray, found: np.ndarray, there: np.ndarray
) -> np.ndarray:
    """The rotations that carry directions nearest to others.

    Args:
        rest: ``(K, 3)``, of length 1.
        found: ``(T, K, 3)``, of length 1.
        there: ``(T, K)``, bool: which of them count.

    Returns:
        ``(T, 3, 3)``, for columns: ``found ~ matrix @ rest``.
    """
    known = np.where(there[..., None], found, 0)
    moments = np.einsum('tki,kj->tij', known, rest) + _STAY * np.eye(3)
    left, _, right = np.linalg.svd(moments)
    # No mirror: the direction that matters least is turned round.
    left[..., 2] *= np.linalg.det(left @ right)[:, None]
    return left @ right


def bone_directions(
    points: np.ndarray, joint: int, children: Sequence[int]
) -> Tuple[np.ndarray, np.ndarray]:
    """Where the bones from a joint to its children point.

    Args:
        points: ``(T, J, 3)``, NaN where none was found.
        joint: where the bones begin.
        children: K, where they end.

    Returns:
        ``(T, K, 3)`` of length 1, and ``(T, K)``, whether there is one.
    """
    bones = points[:, list(children)] - points[:, joint, None]
    lengths = np.linalg.norm(bones, axis=2)
    there = lengths > _SHORTEST
    return bones / np.where(there, lengths, 1)[..., None], there


def determined(rest: np.ndarray, there: np.ndarray) -> np.ndarray:
    """When enough bones of a joint were found to tell how it is turned.

    All that ever are found suffice, and fewer if they are on no line.

    Args:
        rest: ``(K, 3)``, directions of length 1.
        there: ``(T, K)``, bool: which were found.

    Returns:
        ``(T,)``, bool.
    """
    spread = np.linalg.eigvalsh(np.einsum('tk,ki,kj->tij', there, rest, rest))
    ever = there.any(0)
    return ever.any() & (there[:, ever].all(1) | (spread[:, 1] >= _SPREAD))


def held(values: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Values over time: where there is none the last, before the first the first.

    Args:
        values: ``(T, ...)``.
        there: ``(T,)``, bool, at least once true.
    """
    last = np.maximum.accumulate(np.where(there, np.arange(len(there)), -1))
    return values[np.where(last < 0, there.argmax(), last)]


def joint_rotations(
    tree: JointTree, offsets: np.ndarray, points: np.ndarray
) -> np.ndarray:
    """How each joint is turned against its parent.

    A joint that was not found, or too few of its children, keeps its last rotation;
    before its first one it has that; where it never has one, none.

    Args:
        tree: of the joints.
        offsets: ``(J, 3)``, from parents, at rest.
        points: ``(T, J, 3)``, NaN where none was found.

    Returns:
        ``(T, J, 3, 3)``, for columns.
    """
    turned = np.tile(np.eye(3), (*points.shape[:2], 1, 1))
    in_world = turned.copy()
    for joint in tree.order:
        children, parent = tree.children(joint), tree.parents[joint]
        above = in_world[:, parent] if parent >= 0 else np.eye(3)[None]
        if children:
            lengths = np.linalg.norm(offsets[children], axis=1, keepdims=True)
            rest = offsets[children] / np.where(lengths > _SHORTEST, lengths, 1)
            found, there = bone_directions(points, joint, children)
            known = determined(rest, there)
            if known.any():
                # Rows times a matrix: the transposed one of columns, the way back.
                of_parent = nearest_rotations(rest, found @ above, there)
                turned[:, joint] = held(of_parent, known)
        in_world[:, joint] = above @ turned[:, joint]
    return turned


def joint_positions(
    parents: Sequence[int], steps: np.ndarray, turned: np.ndarray
) -> np.ndarray:
    """Where joints are, from how they are turned.

    Args:
        parents: J, each before its children; -1 for none.
        steps: ``(T, J, 3)``, from the parent, in its frame.
        turned: ``(T, J, 3, 3)``, against the parent.

    Returns:
        ``(T, J, 3)``.
    """
    points, in_world = steps.copy(), turned.copy()
    for joint, parent in enumerate(parents):
        if parent >= 0:
            above = in_world[:, parent]
            points[:, joint] = points[:, parent] + np.einsum(
                'tij,tj->ti', above, steps[:, joint]
            )
            in_world[:, joint] = above @ turned[:, joint]
    return points
