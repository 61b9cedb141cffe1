"""The tree that the links of keypoints form, seen from one of them."""

from dataclasses import dataclass
from typing import List, Optional, Sequence, Set, Tuple

from .instant import Recording

_ROOTS = ('root', 'pelvis')


@dataclass(frozen=True)
class JointTree:
    """Keypoints, each but one joined to a parent.

    Attributes:
        parents: J, by number; -1 for the root.
        order: J, depth first, siblings by number: parents come before their children.
    """

    parents: Tuple[int, ...]
    order: Tuple[int, ...]

    @property
    def root(self) -> int:
        """The one without parent."""
        return self.order[0]

    def children(self, joint: int) -> List[int]:
        """Of a joint, by number."""
        return [child for child, parent in enumerate(self.parents) if parent == joint]


def joint_tree(recording: Recording, root: Optional[str] = None) -> JointTree:
    """The tree of a recording's links.

    Args:
        recording: its keypoints and links.
        root: name of the keypoint where it begins; None for ``root`` or ``pelvis``.

    Raises:
        ValueError: for a root that is none, or links that are no tree, naming what is
            wrong with them.
    """
    names = recording.keypoint_names
    start = _start(names, root)
    beside: List[Set[int]] = [set() for _ in names]
    for one, other in recording.links:
        beside[one].add(other)
        beside[other].add(one)
    parents, order, waiting = {start: -1}, [], [start]
    while waiting:
        joint = waiting.pop()
        order.append(joint)
        for other in sorted(beside[joint] - {parents[joint]}, reverse=True):
            if other in parents:
                raise _no_tree(f'a circle through {names[joint]} and {names[other]}')
            parents[other] = joint
            waiting.append(other)
    apart = [name for joint, name in enumerate(names) if joint not in parents]
    if apart:
        raise _no_tree(f'{", ".join(apart)} apart from {names[start]}')
    return JointTree(tuple(parents[joint] for joint in range(len(names))), tuple(order))


def _start(names: Sequence[str], root: Optional[str]) -> int:
    if root in names:
        return names.index(root)
    if root is not None:
        raise ValueError(f'root: expected one of {", ".join(names)}, got {root!r}')
    for name in _ROOTS:
        if name in names:
            return names.index(name)
    raise ValueError(
        f'root: expected the name of a keypoint where none is named '
        f'{" or ".join(_ROOTS)}, got None; keypoints are {", ".join(names)}'
    )


def _no_tree(what: str) -> ValueError:
    return ValueError(
        f'links: expected a tree that joins all keypoints, got {what} (those of '
        f"Human3.6M are a tree; COCO's have circles and are none)"
    )
