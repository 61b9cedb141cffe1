"""A human skeleton in metres: bones, joint angles with limits, forward kinematics.

Frame of the body, and of the world: x to the front (of an unturned body), y to its
left, z up. Segment lengths are fractions of the stature, after the tables of Drillis
and Contini (1966). Angles are anatomical, so both sides of the body share one range,
and mirroring a pose swaps rows.
"""

from dataclasses import dataclass
from typing import Dict, NamedTuple, Tuple, Union

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

Array = NDArray[np.float64]


class Segment(NamedTuple):
    """One rigid segment.

    Attributes:
        parent: the segment that carries it, or ''.
        offset: of its joint in the frame of the parent, as a fraction of the stature.
        signs: of the rotations about x, y and z for positive angles.
        limits: lowest and highest abduction, flexion and rotation, degrees.
    """

    parent: str
    offset: Tuple[float, float, float]
    signs: Tuple[int, int, int]
    limits: Tuple[Tuple[float, float], ...]


def _both_sides(
    name: str,
    parent: str,
    offset: Tuple[float, float, float],
    flexion: int,
    *limits: Tuple[float, float],
) -> Dict[str, Segment]:
    x, y, z = offset
    sided = parent != 'pelvis' and parent != 'chest'
    return {
        f'{side}_{name}': Segment(
            f'{side}_{parent}' if sided else parent,
            (x, sign * y, z),
            (sign, flexion, sign),
            limits,
        )
        for side, sign in (('left', 1), ('right', -1))
    }


# Parents come before their children.
SEGMENTS: Dict[str, Segment] = {
    'pelvis': Segment('', (0, 0, 0), (-1, 1, 1), ((-180, 180),) * 3),
    'chest': Segment(
        'pelvis', (0, 0, 0.10), (-1, 1, 1), ((-30, 30), (-25, 75), (-40, 40))
    ),
    'head': Segment(
        'chest', (0.005, 0, 0.21), (-1, 1, 1), ((-30, 30), (-45, 50), (-70, 70))
    ),
    **_both_sides(
        'upper_arm', 'chest', (0, 0.112, 0.172), -1, (-15, 160), (-50, 170), (-80, 70)
    ),
    **_both_sides(
        'forearm', 'upper_arm', (0, 0, -0.176), -1, (0, 0), (0, 145), (-80, 80)
    ),
    **_both_sides('hand', 'forearm', (0, 0, -0.146), -1, (-20, 30), (-60, 70), (0, 0)),
    **_both_sides(
        'thigh', 'pelvis', (0, 0.055, 0), -1, (-20, 60), (-25, 120), (-35, 45)
    ),
    **_both_sides('shin', 'thigh', (0, 0, -0.245), 1, (0, 0), (0, 150), (0, 0)),
    **_both_sides('foot', 'shin', (0, 0, -0.238), -1, (-15, 15), (-45, 25), (-15, 15)),
}
NAMES: Tuple[str, ...] = tuple(SEGMENTS)
LIMITS = np.array([segment.limits for segment in SEGMENTS.values()], dtype=float)
SIGNS = np.array([segment.signs for segment in SEGMENTS.values()], dtype=float)
SOLE = 0.045  # from the ankle down to the ground, as a fraction of the stature


@dataclass(frozen=True)
class Pose:
    """Joint angles of a body, or of the same body at many instants.

    Attributes:
        angles: ``(..., segments, 3)``: abduction, flexion and rotation in degrees, in
            the order of :data:`NAMES`. Abduction leads a limb away from the middle (the
            trunk to the left), flexion bends it forward (a knee backward), rotation
            turns it outward (the trunk to the left).
        lift: ``(...)``, metres between the ground and the lowest point of the body.
    """

    angles: Array
    lift: Union[float, Array] = 0.0

    def limited(self) -> 'Pose':
        """The same pose with every angle within its anatomical limits."""
        return Pose(np.clip(self.angles, LIMITS[..., 0], LIMITS[..., 1]), self.lift)

    def mirrored(self) -> 'Pose':
        """Left and right exchanged."""
        angles = self.angles[..., [NAMES.index(_other_side(n)) for n in NAMES], :]
        middle = [NAMES.index(name) for name in ('pelvis', 'chest', 'head')]
        angles[..., middle, :] *= (-1, 1, -1)
        return Pose(angles, self.lift)


@dataclass(frozen=True)
class Frames:
    """Where the segments are in the world.

    Attributes:
        origins: ``(..., 3)``, the joint at which each segment begins, metres.
        axes: ``(..., 3, 3)`` of each segment; columns are its front, left and up.
    """

    origins: Dict[str, Array]
    axes: Dict[str, Array]

    def point(self, segment: str, offset: Tuple[float, float, float]) -> Array:
        """A point that is fixed to a segment; offset in metres, in its frame."""
        return self.origins[segment] + self.axes[segment] @ np.asarray(offset)


def place(
    pose: Pose, *, stature: float, position: Array, heading: Union[float, Array]
) -> Frames:
    """Forward kinematics: a pose to segments that stand on the ground.

    Args:
        pose: joint angles, of one instant or of many.
        stature: height of the upright body, metres.
        position: ``(..., 2)``, x and y of the pelvis in the world, metres.
        heading: ``(...)``, direction of the body's front, radians from the world's x.
    """
    turns = _turns('XYZ', pose.angles * SIGNS * (np.pi / 180))
    origins: Dict[str, Array] = {}
    axes: Dict[str, Array] = {}
    for index, (name, segment) in enumerate(SEGMENTS.items()):
        turn = turns[..., index, :, :]
        if segment.parent:
            parent = axes[segment.parent]
            step = parent @ np.asarray(segment.offset) * stature
            origins[name] = origins[segment.parent] + step
            axes[name] = parent @ turn
        else:
            origins[name] = np.zeros((*turn.shape[:-2], 3))
            axes[name] = _turns('Z', np.asarray(heading, float)[..., None]) @ turn
    lowest = np.min([o[..., 2] - _below(n, stature) for n, o in origins.items()], 0)
    shift = np.concatenate((position, (pose.lift - lowest)[..., None]), -1)
    return Frames({name: origin + shift for name, origin in origins.items()}, axes)


def _turns(axes: str, radians: Array) -> Array:
    """``(..., len(axes))`` to rotation matrices ``(..., 3, 3)``."""
    flat = Rotation.from_euler(axes, radians.reshape(-1, radians.shape[-1]))
    matrices: Array = flat.as_matrix().reshape(*radians.shape[:-1], 3, 3)
    return matrices


def _below(name: str, stature: float) -> float:
    """Metres of the body below the joint at which a segment begins."""
    return SOLE * stature if name.endswith('foot') else 0.05


def _other_side(name: str) -> str:
    if name.startswith('left'):
        return name.replace('left', 'right', 1)
    return name.replace('right', 'left', 1)
