"""Human3.6M's 17 joints of a body, in the order of MMPose's ``h36m.py``.

Human3.6M's own skeleton has its spine half way between pelvis and neck; here it is the
joint between pelvis and chest, so that all bones keep their length.
"""

from typing import Dict, Tuple

import numpy as np

from ..skeleton import Array, Frames

JOINTS: Tuple[str, ...] = (
    'root', 'right_hip', 'right_knee', 'right_foot', 'left_hip', 'left_knee',
    'left_foot', 'spine', 'thorax', 'neck_base', 'head', 'left_shoulder', 'left_elbow',
    'left_wrist', 'right_shoulder', 'right_elbow', 'right_wrist',
)  # fmt: skip
BONES: Tuple[Tuple[str, str], ...] = (
    *(('root', 'spine'), ('spine', 'thorax'), ('thorax', 'neck_base')),
    ('neck_base', 'head'),
    *(
        (first.format(side), last.format(side))
        for side in ('left', 'right')
        for first, last in (
            *(('root', '{}_hip'), ('{}_hip', '{}_knee'), ('{}_knee', '{}_foot')),
            *(('thorax', '{}_shoulder'), ('{}_shoulder', '{}_elbow')),
            ('{}_elbow', '{}_wrist'),
        )
    ),
)
# The segment that begins at a joint.
_BEGINS = dict(
    hip='thigh', knee='shin', foot='foot', shoulder='upper_arm', elbow='forearm',
    wrist='hand', root='pelvis', spine='chest', neck_base='head',
)  # fmt: skip
_THORAX = (0.0, 0.0, 0.165)  # in the chest, as a fraction of the stature
_CROWN = (0.015, 0.0, 0.19)  # in the head, metres at a stature of 1.7


def joints_of(frames: Frames, stature: float) -> Array:
    """The joints in the world.

    Args:
        frames: where the segments are, at any number of instants.
        stature: height of the body, metres.

    Returns:
        ``(..., 17, 3)``, metres.
    """
    x, y, z = (value * stature for value in _THORAX)
    # Heads grow less than bodies do, see the sculptor.
    grown = 0.45 + 0.55 * stature / 1.7
    front, side, up = (value * grown for value in _CROWN)
    points: Dict[str, Array] = dict(
        thorax=frames.point('chest', (x, y, z)),
        head=frames.point('head', (front, side, up)),
    )
    for name in JOINTS:
        if name not in points:
            points[name] = frames.origins[_segment(name)]
    return np.stack([points[name] for name in JOINTS], -2)


def kind(joint: str) -> str:
    """A joint without its side: of ``left_knee``, ``knee``."""
    return joint.removeprefix('left_').removeprefix('right_')


def _segment(joint: str) -> str:
    name = kind(joint)
    return joint.removesuffix(name) + _BEGINS[name]
