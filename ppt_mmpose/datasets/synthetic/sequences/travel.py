"""Where a body goes: its feet stay where they stand, and the rest follows."""

from typing import Tuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from ..skeleton import SOLE, Array, Frames

GRAVITY = 9.81  # m/s2
_NEAR_GROUND = (
    0.006  # metres: what is this much higher than the lowest point bears less
)
_SMOOTH_TRAVEL = 0.03  # seconds, standard deviation: bodies do not stop at each step
_SMOOTH_HEIGHT = 0.03
_TURN = 2.0  # rad/s: fastest turn of someone who walks
_ARRIVED = 0.45  # metres from a place, when the next one is looked for
_STATED = 1.7  # metres: stature for which lengths of the foot are stated


def turned(points: Array, heading: Array) -> Array:
    """Points ``(n, ..., 3)`` about the vertical by ``(n,)`` radians."""
    shape = (len(heading),) + (1,) * (points.ndim - 2)
    cos, sin = np.cos(heading).reshape(shape), np.sin(heading).reshape(shape)
    x, y, z = np.moveaxis(points, -1, 0)
    return np.stack((cos * x - sin * y, sin * x + cos * y, z), -1)


def soles(frames: Frames, stature: float) -> Array:
    """Heels and toes against the pelvis, ``(n, 4, 3)``, metres: left, then right."""
    scale = stature / _STATED
    points = [
        frames.point(f'{side}_foot', (along * scale, 0, -SOLE * stature))
        for side in ('left', 'right')
        for along in (-0.045, 0.15)
    ]
    found: Array = np.stack(points, 1) - frames.origins['pelvis'][:, None]
    return found


def pelvis_heights(
    frames: Frames, feet: Array, aloft: NDArray[np.bool_], fps: float
) -> Array:
    """How high the pelvis is, ``(n,)``, metres.

    On the ground, the lowest point of the body touches it. In the air the pelvis is
    thrown: it goes from where it left to where it lands, under gravity.

    Args:
        frames: ``n`` of a body at any height.
        feet: as :func:`soles` finds them.
        aloft: ``(n,)``, the body is in the air.
        fps: frames per second.
    """
    pelvis = frames.origins['pelvis']
    others = [
        origin[:, 2] - pelvis[:, 2] - 0.05
        for name, origin in frames.origins.items()
        if not name.endswith('foot')
    ]
    heights: Array = -np.min([*feet[..., 2].T, *others], axis=0)
    heights = _bridged(heights, aloft)
    times = np.arange(len(heights)) / fps
    for first, last in _runs(aloft):
        begins, ends = times[first] - 1 / fps, times[last] + 1 / fps
        inside = slice(first, last + 1)
        flown = (times[inside] - begins) * (ends - times[inside])
        heights[inside] += 0.5 * GRAVITY * flown
    return np.asarray(gaussian_filter1d(heights, _SMOOTH_HEIGHT * fps, mode='nearest'))


def steps_of(
    feet: Array, heading: Array, aloft: NDArray[np.bool_], fps: float
) -> Array:
    """How far the pelvis goes from one frame to the next.

    Args:
        feet: ``(n, 4, 3)`` against the pelvis, of bodies that look along x.
        heading: ``(n,)``, radians.
        aloft: ``(n,)``, the body is in the air, and keeps its speed.
        fps: frames per second.

    Returns:
        ``(n - 1, 2)``, metres, in the world.
    """
    moved = np.diff(turned(feet, heading)[..., :2], axis=0)
    height = feet[..., 2] - feet[..., 2].min(1, keepdims=True)
    weights = np.exp(-(height[:-1] + height[1:]) / _NEAR_GROUND)
    weights /= weights.sum(1, keepdims=True)
    steps = -(weights[..., None] * moved).sum(1)
    in_air = aloft[:-1] | aloft[1:]
    steps = np.stack([_bridged(along, in_air) for along in steps.T], 1)
    smooth = gaussian_filter1d(steps, _SMOOTH_TRAVEL * fps, axis=0, mode='nearest')
    return np.asarray(smooth)


def wander(
    rng: np.random.Generator, steps: Array, roaming: Array, *, reach: float, fps: float
) -> Array:
    """Headings that lead a body from place to place within reach of the middle.

    Args:
        rng: of the places.
        steps: ``(n - 1, 2)``, metres, of the body if it looked along x.
        roaming: ``(n,)``, 0 to 1, how freely it turns.
        reach: of the places from the middle, metres.
        fps: frames per second.

    Returns:
        ``(n,)``, radians.
    """
    x, y = _place(rng, reach)
    aim = _place(rng, reach)
    heading, rate = float(rng.uniform(-np.pi, np.pi)), 0.0
    if roaming[0] > 0:  # who walks knows where to
        heading = float(np.arctan2(aim[1] - y, aim[0] - x))
    found = [heading]
    for (forward, left), free in zip(steps.tolist(), roaming[1:].tolist()):
        cos, sin = np.cos(heading), np.sin(heading)
        x += cos * forward - sin * left
        y += sin * forward + cos * left
        while np.hypot(aim[0] - x, aim[1] - y) < _ARRIVED:
            aim = _place(rng, reach)
        wrong = np.arctan2(aim[1] - y, aim[0] - x) - heading
        wrong = (wrong + np.pi) % (2 * np.pi) - np.pi
        wanted = free * np.clip(2.5 * wrong, -_TURN, _TURN)
        rate += (wanted - rate) * min(1.0, 5 / fps)
        heading += rate / fps
        found.append(heading)
    return np.array(found)


def _place(rng: np.random.Generator, reach: float) -> Tuple[float, float]:
    turn, away = rng.uniform(0, 2 * np.pi), reach * np.sqrt(rng.uniform())
    return away * np.cos(turn), away * np.sin(turn)


def _bridged(values: Array, gaps: NDArray[np.bool_]) -> Array:
    """What is in gaps, from what is beside them; all of it where all is a gap."""
    if gaps.all():
        return values
    index = np.arange(len(values))
    bridged: Array = np.interp(index, index[~gaps], values[~gaps])
    return bridged


def _runs(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """First and last index of every run of true values, ``(runs, 2)``."""
    edges = np.diff(np.concatenate(((0,), mask.astype(int), (0,))))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    return np.stack((starts, ends), 1)
