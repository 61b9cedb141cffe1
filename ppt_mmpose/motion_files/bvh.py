"""Motion as BVH, the skeleton files of Blender and other programs of animation.

A tree of joints, each with its offset from its parent in a pose of rest, then one row
of numbers a frame: where the root is, and how each joint is turned against its parent,
degrees. Positions are in the file's unit, which no BVH file tells.

What it keeps of a recording, and what not:

- The links must be a tree that joins all keypoints (`joint_tree`); they are then the
  bones. Human3.6M's are one, COCO's are not. Keypoints come depth first, siblings by
  number, which for Human3.6M is their own order.
- A bone has one length, the median (`rest_pose`). Where those found differ, joints are
  off by it, and all that come after them in the tree. Noise therefore grows: of 5 mm
  on each axis of drawn people, 8 mm a joint, are left 11.5 mm. Smooth it before.
- Rotations are `joint_rotations`. Joints without children are not turned; their end
  sites, which BVH demands, go on 5 cm in the direction of the bone.
- Frames lie evenly from the first instant to the last. A joint keeps its rotation, and
  the root its place, through instants that are missing or did not find it; before they
  were found they are as they will be. What was found is not told, nor is the index of
  the first instant: those read have all joints, and begin at 0.
- The pose of rest is a T that has its root at 0 and Y up. See `other_programs` for
  ``up`` and the names of keypoints.

Where the second angle of a joint is near 90 degrees, as in the knees of who sits, the
other two turn fast, so that frames that a program adds between others are wrong there.
Offsets and positions are written to 1 um, angles to 1e-5 degrees (0.2 um at 1 m).
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Iterator, List, Optional, TextIO, Tuple, Union

import numpy as np

from .bvh_text import read_text, translations_and_rotations
from .euler_angles import continuous_angles
from .instant import Instant, Recording, instant_of_3d
from .joint_rotations import held, joint_positions, joint_rotations
from .joint_tree import joint_tree
from .other_programs import DECIMALS, UNITS, file_to_world, words_of, world_to_file
from .rest_pose import named_direction, rest_offsets
from .writer import MotionWriter

_ORDER = 'ZXY'
_ANGLE_DECIMALS = 5
_END = 0.05  # m


class BvhWriter(MotionWriter):
    """Writes `motion_files.bvh`.

    Lengths of bones need all instants: they stay in memory until it is closed, 24 bytes
    a keypoint and some 150 more each (0.6 kB with 17 keypoints, 60 MB for 100,000), and
    closing takes some 8 kB a frame for a moment. Then the file appears in one step.
    Where the process is killed there is none, or the old one.

    An instant that is no later than the one before is refused.

    Args:
        path: where to write.
        recording: what holds for all instants.
        root: name of the keypoint where the tree begins; None for ``root``, else
            ``pelvis``.
        unit: ``'m'``, ``'cm'`` or ``'mm'``, of the file; what other programs expect
            differs, most often cm.
        up: what is up in the recording's world, as ``'+z'``; None writes it as it is.

    Raises:
        ValueError: for another unit, axis or root, links that are no tree, or names of
            keypoints that are the same without their white space.
    """

    def __init__(
        self,
        path: Union[str, Path],
        recording: Recording,
        *,
        root: Optional[str] = None,
        unit: str = 'cm',
        up: Optional[str] = None,
    ) -> None:
        super().__init__(path, recording)
        self.unit = unit
        self._turn = world_to_file(up, unit)
        self._tree = joint_tree(recording, root)
        self._labels = words_of(recording, 'BVH')
        self._found: List[Tuple[int, np.ndarray]] = []

    def _begin(self) -> None:
        """Nothing: the file is written at the end."""

    def _append(self, instant: Instant) -> None:
        if self._found and instant.index <= self._found[-1][0]:
            raise ValueError(
                f'index: expected more than {self._found[-1][0]}, as frames of BVH are '
                f'in order, got {instant.index}'
            )
        points = np.where(instant.found[:, None], instant.keypoints_3d, np.nan)
        self._found.append((instant.index, points))

    def _end(self) -> None:
        first, last = self._found[0][0], self._found[-1][0]
        points = np.full((last - first + 1, len(self._labels), 3), np.nan)
        for index, one in self._found:
            points[index - first] = one @ self._turn.T
        with TemporaryDirectory(
            prefix=f'.{self.path.name}.', dir=self.path.parent
        ) as folder:
            whole = Path(folder) / 'whole'
            with whole.open('w', encoding='utf-8', newline='\n') as file:
                self._write(file, points)
            os.replace(whole, self.path)

    def _write(self, file: TextIO, points: np.ndarray) -> None:
        """The text of all frames, ``(T, J, 3)`` in the file's world."""
        tree, decimals = self._tree, DECIMALS[self.unit]
        offsets = rest_offsets(tree, self.recording.keypoint_names, points)
        offsets = offsets.round(decimals)
        turned = joint_rotations(tree, offsets, points)[:, list(tree.order)]
        angles = continuous_angles(turned, _ORDER).reshape(len(points), -1)
        place = points[:, tree.root]
        known = np.isfinite(place).all(1)
        place = held(place, known) if known.any() else np.zeros_like(place)
        file.write('HIERARCHY\n')
        file.writelines(self._joint(tree.root, offsets, 0))
        file.write(f'MOTION\nFrames: {len(points)}\n')
        file.write(f'Frame Time: {1 / self.recording.rate:.9f}\n')
        # Adding 0 makes 0 of -0.
        rows = np.hstack([place.round(decimals), angles.round(_ANGLE_DECIMALS)]) + 0.0
        formats = [f'%.{decimals}f'] * 3 + [f'%.{_ANGLE_DECIMALS}f'] * angles.shape[1]
        np.savetxt(file, rows, fmt=formats)

    def _joint(self, joint: int, offsets: np.ndarray, depth: int) -> Iterator[str]:
        """The lines of a joint and of all below it."""
        tab, children = '\t' * depth, self._tree.children(joint)
        kind = 'JOINT' if depth else 'ROOT'
        channels = [f'{axis}rotation' for axis in _ORDER]
        if not depth:
            channels = [f'{axis}position' for axis in 'XYZ'] + channels
        yield f'{tab}{kind} {self._labels[joint]}\n{tab}{{\n'
        yield f'{tab}\tOFFSET {self._numbers(offsets[joint])}\n'
        yield f'{tab}\tCHANNELS {len(channels)} {" ".join(channels)}\n'
        for child in children:
            yield from self._joint(child, offsets, depth + 1)
        if not children:
            length = np.linalg.norm(offsets[joint])
            named = named_direction(self.recording.keypoint_names[joint])
            further = offsets[joint] / length if length > 0 else named
            numbers = self._numbers(further * _END * UNITS[self.unit])
            yield f'{tab}\tEnd Site\n{tab}\t{{\n{tab}\t\tOFFSET {numbers}\n{tab}\t}}\n'
        yield f'{tab}}}\n'

    def _numbers(self, values: np.ndarray) -> str:
        decimals = DECIMALS[self.unit]
        return ' '.join(f'{v + 0.0:.{decimals}f}' for v in values.round(decimals))


def read_bvh(
    path: Union[str, Path], *, unit: str = 'cm', up: Optional[str] = None
) -> Tuple[Recording, List[Instant]]:
    """Read where the joints of a BVH file are, ours or another program's.

    Keypoints are its joints, without end sites, in the order of the file; links are its
    bones. Instants have no views, and all joints are found. Channels may come in any
    order; those of positions take the place of the joint's offset, as in Blender.

    Args:
        path: of the file.
        unit: ``'m'``, ``'cm'`` or ``'mm'``, of the file, which does not tell it.
        up: what was up in the world before it was turned, as `BvhWriter` had it; None
            reads the file as it is.

    Raises:
        ValueError: for another unit or axis, or a file that is none, naming it and the
            line.
    """
    back = file_to_world(up, unit)
    text = read_text(path)
    steps, turned = translations_and_rotations(text)
    points = joint_positions(text.parents, steps, turned) @ back.T
    links = [(parent, joint) for joint, parent in enumerate(text.parents) if joint]
    recording = Recording((), text.names, tuple(links), 1 / text.frame_time)
    found = np.ones(len(text.names), bool)
    return recording, [instant_of_3d(i, one, found) for i, one in enumerate(points)]
