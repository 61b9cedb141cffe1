"""Where a body goes: its feet stay where they stand, and the rest follows."""

from typing import Tuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from ..skeleton import SOLE, Array, Frames
from .track import Track

GRAVITY = 9.81  # m/s2
_NEAR_GROUND = (
    0.006  # metres: what is this much higher than the lowest point bears less
)
_SMOOTH_TRAVEL = 0.05  # seconds, standard deviation: bodies do not stop at each step
_SMOOTH_HEIGHT = 0.03
# Fastest turn on the way, rad/s: of someone who stands, and more with each m/s.
_TURN, _TURN_WITH_SPEED = 0.9, 0.6
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


def steps_of(feet: Array, heading: Array, track: Track, fps: float) -> Array:
    """How far the pelvis goes from one frame to the next.

    Where a body steps, the feet that bear it are those of its gait; elsewhere those
    that touch the ground. One that stays turns about its feet. One that roams turns
    about itself, as otherwise it would lurch; its feet turn a little on the ground.

    Args:
        feet: ``(n, 4, 3)`` against the pelvis, of bodies that look along x.
        heading: ``(n,)``, radians.
        track: what the body does. In the air it keeps its speed.
        fps: frames per second.

    Returns:
        ``(n - 1, 2)``, metres, in the world.
    """
    if track.roams:
        moved = turned(np.diff(feet, axis=0), heading[1:])[..., :2]
    else:
        moved = np.diff(turned(feet, heading)[..., :2], axis=0)
    weights = _weights(feet[..., 2], track)
    weights = (weights[:-1] + weights[1:]) / 2
    steps = -(weights[..., None] * moved).sum(1)
    in_air = track.aloft[:-1] | track.aloft[1:]
    steps = np.stack([_bridged(along, in_air) for along in steps.T], 1)
    smooth = gaussian_filter1d(steps, _SMOOTH_TRAVEL * fps, axis=0, mode='nearest')
    return np.asarray(smooth)


def wander(
    rng: np.random.Generator, steps: Array, stepping: Array, *, reach: float, fps: float
) -> Array:
    """Headings that lead a body from place to place within reach of the middle.

    Args:
        rng: of the places.
        steps: ``(n - 1, 2)``, metres, of the body if it looked along x.
        stepping: ``(n,)``, 0 to 1: who stands does not turn.
        reach: of the places from the middle, metres.
        fps: frames per second.

    Returns:
        ``(n,)``, radians.
    """
    x, y = _place(rng, reach)
    aim = _place(rng, reach)
    heading, rate = float(rng.uniform(-np.pi, np.pi)), 0.0
    if stepping[0] > 0:  # who walks knows where to
        heading = float(np.arctan2(aim[1] - y, aim[0] - x))
    speed = float(np.linalg.norm(steps, axis=1).mean()) * fps
    fastest = _TURN + _TURN_WITH_SPEED * speed
    found = [heading]
    for (forward, left), free in zip(steps.tolist(), stepping[1:].tolist()):
        cos, sin = np.cos(heading), np.sin(heading)
        x += cos * forward - sin * left
        y += sin * forward + cos * left
        while np.hypot(aim[0] - x, aim[1] - y) < _ARRIVED:
            aim = _place(rng, reach)
        wrong = np.arctan2(aim[1] - y, aim[0] - x) - heading
        wrong = (wrong + np.pi) % (2 * np.pi) - np.pi
        wanted = free * np.clip(4 * wrong, -fastest, fastest)
        rate += (wanted - rate) * min(1.0, 8 / fps)
        heading += rate / fps
        found.append(heading)
    return np.array(found)


def _weights(heights: Array, track: Track) -> Array:
    """How much of the body each heel and toe bears, ``(n, 4)``."""
    lowest = np.exp(-(heights - heights.min(1, keepdims=True)) / _NEAR_GROUND)
    by_height = lowest / lowest.sum(1, keepdims=True)
    of_foot = heights.reshape(-1, 2, 2)
    within = np.exp(-(of_foot - of_foot.min(2, keepdims=True)) / _NEAR_GROUND)
    within /= within.sum(2, keepdims=True)
    by_gait = (track.bearing[..., None] * within).reshape(-1, 4)
    share = track.stepping[:, None]
    weights: Array = share * by_gait + (1 - share) * by_height
    return weights


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
