"""Things that stand on the floor: crates, pillars, bushes and seats."""

import numpy as np
from scipy.spatial.transform import Rotation

from .body import Body
from .skeleton import Array
from .solids import Box, Cone, Ellipsoid, Paint, Solid


def random_thing(
    rng: np.random.Generator, foot: Array, height: float, *, widest: float = 0.4
) -> Solid:
    """A crate, a pillar or a bush.

    Args:
        rng: everything is drawn from it.
        foot: ``(3,)``, where it stands, metres.
        height: metres.
        widest: half of the longest side that it may have, metres.
    """
    axes = Rotation.from_euler('Z', rng.uniform(0, np.pi)).as_matrix()
    centre = foot + np.array((0, 0, height / 2))
    kind = rng.uniform()
    paint = random_paint(rng)
    if kind < 0.5:
        width, depth = rng.uniform(0.3 * widest, widest, 2)
        return Box('crate', paint, centre, axes, np.array((width, depth, height / 2)))
    if kind < 0.75:
        radius = rng.uniform(0.1 * widest, 0.5 * widest)
        low = foot + np.array((0, 0, radius))
        top = foot + np.array((0, 0, height))
        return Cone('pillar', paint, low, top, radius, radius * rng.uniform(0.5, 1.2))
    radii = np.array((*rng.uniform(0.4 * widest, widest, 2), height / 2))
    return Ellipsoid('bush', paint, centre, axes, radii)


def seat_below(rng: np.random.Generator, body: Body) -> Solid:
    """A box below the pelvis of someone who sits."""
    pelvis = body.frames.origins['pelvis']
    height = max(0.1, float(pelvis[2]) - 0.11)
    front = body.frames.axes['pelvis'][:2, 0]
    angle = float(np.arctan2(front[1], front[0]))
    axes = Rotation.from_euler('Z', angle).as_matrix()
    centre = np.array((pelvis[0], pelvis[1], height / 2))
    centre[:2] -= 0.08 * front
    halves = np.array((0.2, rng.uniform(0.2, 0.5), height / 2))
    return Box('seat', random_paint(rng), centre, axes, halves)


def random_paint(rng: np.random.Generator) -> Paint:
    """One colour, dark or light, grey or strong."""
    blue, green, red = np.clip(
        rng.uniform(25, 220) + rng.normal(0, rng.choice((8, 50)), 3), 5, 250
    ).tolist()
    return Paint((blue, green, red))
