"""Which joints a body hides from a camera itself, without drawing it.

Limbs and trunk are capsules about the bones. A joint is hidden where one that does not
begin or end there is nearer to the camera, beyond the flesh around the joint. Drawn
bodies agree on nine joints of ten, see ``tests/datasets/synthetic/sequences``.
"""

from typing import NamedTuple, Tuple

import numpy as np
from numpy.typing import NDArray

from ..camera import Camera
from ..labels import DEPTH_WITHIN
from ..skeleton import Array
from .joints import JOINTS, kind

_STATED = 1.7  # metres: stature for which lengths are stated


class Capsule(NamedTuple):
    """A limb: two joints, and the flesh around the line between them, metres."""

    first: str
    last: str
    radius: float


# About the radii of the sculptor's bare bodies.
CAPSULES: Tuple[Capsule, ...] = (
    Capsule('root', 'thorax', 0.1),
    Capsule('neck_base', 'head', 0.085),
    *(
        Capsule(first.format(side), last.format(side), radius)
        for side in ('left', 'right')
        for first, last, radius in (
            ('{}_hip', '{}_shoulder', 0.08),
            ('{}_hip', '{}_knee', 0.07),
            ('{}_knee', '{}_foot', 0.046),
            ('{}_shoulder', '{}_elbow', 0.047),
            ('{}_elbow', '{}_wrist', 0.036),
        )
    ),
)
_TRUNK = ('root', 'spine', 'thorax', 'neck_base', 'left_hip', 'right_hip')
# Flesh between a joint and the air, as drawn people have it; of the trunk about so.
_FLESH = {
    'root': 0.17, 'spine': 0.15, 'thorax': 0.13, 'neck_base': 0.08, 'head': 0.06,
    'foot': DEPTH_WITHIN['ankle'], **DEPTH_WITHIN,
}  # fmt: skip


def hidden_joints(camera: Camera, joints: Array, stature: float) -> NDArray[np.bool_]:
    """Whether the body hides its joints.

    Args:
        camera: that looks.
        joints: ``(n, 17, 3)``, world, metres, in front of the camera.
        stature: height of the body, metres.

    Returns:
        ``(n, 17)``.
    """
    scale = stature / _STATED
    pixels, depths = camera.project(joints)
    flesh = scale * np.array([_FLESH[kind(name)] for name in JOINTS])
    hidden = np.zeros(depths.shape, bool)
    for capsule, touches in zip(CAPSULES, _TOUCHES):
        ends = [JOINTS.index(name) for name in (capsule.first, capsule.last)]
        radius = capsule.radius * scale
        apart, depth = _beside(pixels, pixels[:, ends], depths[:, ends])
        beside = apart * depth / camera.focal  # metres, at the capsule
        inside = np.maximum(radius**2 - beside**2, 0)
        front = depth - np.sqrt(inside)
        hidden |= (beside < radius) & (front < depths - flesh) & ~touches
    return hidden


def _touching(capsule: Capsule) -> NDArray[np.bool_]:
    """The joints that a capsule cannot hide, ``(17,)``: of the trunk, all of its."""
    ends = {capsule.first, capsule.last}
    if ends == {'root', 'thorax'} or capsule.last.endswith('shoulder'):
        ends |= set(_TRUNK)
    return np.array([name in ends for name in JOINTS])


_TOUCHES = [_touching(capsule) for capsule in CAPSULES]


def _beside(points: Array, ends: Array, depths: Array) -> Tuple[Array, Array]:
    """Distance of points from a line between two ends, and its depth there.

    Args:
        points: ``(n, 17, 2)``, px.
        ends: ``(n, 2, 2)``, px.
        depths: ``(n, 2)``, of the ends, metres.

    Returns:
        ``(n, 17)``, px; ``(n, 17)``, metres.
    """
    start, along = ends[:, :1], ends[:, 1:] - ends[:, :1]
    length = np.maximum((along**2).sum(-1), 1e-9)
    share = np.clip(((points - start) * along).sum(-1) / length, 0, 1)
    nearest = start + share[..., None] * along
    # Depth is not linear in the image, but its inverse is.
    inverse = (1 - share) / depths[:, :1] + share / depths[:, 1:]
    return np.linalg.norm(points - nearest, axis=-1), 1 / inverse
