"""A body that moves: joint angles, place and heading of every frame."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from ..skeleton import NAMES, Array, Frames, Pose, place
from .actions import ACTIONS
from .track import Track
from .travel import pelvis_heights, soles, steps_of, wander

# No joint of any motion is faster, m/s; tests/datasets/synthetic/sequences sees to it.
# Hands of people who exercise reach this; throws and kicks of athletes are faster.
FASTEST = 10.0
# Seconds before and after: a recording begins anywhere in a movement, and ends in one.
_LEAD_IN, _LEAD_OUT = 3.0, 0.5
_SMOOTH = 0.03  # seconds: joints neither start nor stop at once
# Of a body that stays: standard deviation in degrees, and its time in seconds.
_SWAY, _SWAY_TIME = 1.2, 0.3


@dataclass(frozen=True)
class Motion:
    """``n`` frames of a body.

    Attributes:
        poses: joint angles ``(n, segments, 3)``, and lifts ``(n,)``.
        position: ``(n, 2)``, of the pelvis in the world, metres.
        heading: ``(n,)``, radians from the world's x.
        sits: ``(n,)``, on a seat.
    """

    poses: Pose
    position: Array
    heading: Array
    sits: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.heading)

    def pose(self, frame: int) -> Pose:
        """The pose of one frame."""
        return Pose(self.poses.angles[frame], np.asarray(self.poses.lift)[frame])

    def frames(self, stature: float) -> Frames:
        """Where the segments of a body of this height (metres) are, all frames."""
        return place(
            self.poses, stature=stature, position=self.position, heading=self.heading
        )


def random_motion(
    rng: np.random.Generator,
    action: str,
    *,
    stature: float,
    frames: int,
    fps: float,
    reach: float,
) -> Motion:
    """Somebody does something.

    Args:
        rng: everything is drawn from it.
        action: one of :data:`.actions.ACTIONS`.
        stature: height of the body, metres: longer legs make longer steps.
        frames: n.
        fps: frames per second.
        reach: how far from the origin the person goes, metres: roughly, as walkers
            turn round at a place.

    Raises:
        ValueError: for an unknown action.
    """
    if action not in ACTIONS:
        raise ValueError(
            f'action: expected one of {", ".join(ACTIONS)}, got {action!r}'
        )
    skipped = int(rng.uniform(0, _LEAD_IN) * fps)
    kept = slice(skipped, skipped + frames)
    lasting = kept.stop + int(np.ceil(_LEAD_OUT * fps))
    track = ACTIONS[action](rng, np.arange(lasting) / fps)
    angles = _alive(rng, track.angles, fps)
    body = place(
        Pose(angles, np.zeros(len(angles))),
        stature=stature,
        position=np.zeros((len(angles), 2)),
        heading=np.zeros(len(angles)),
    )
    feet = soles(body, stature)
    heading = _heading(rng, track, feet, reach, fps)
    steps = steps_of(feet, heading, track, fps)
    position = np.concatenate((np.zeros((1, 2)), np.cumsum(steps, 0)))
    height = pelvis_heights(body, feet, track.aloft, fps)
    return Motion(
        Pose(angles[kept], (height - body.origins['pelvis'][:, 2])[kept]),
        _centred(rng, position[kept], reach),
        heading[kept],
        track.sits[kept],
    )


def _alive(rng: np.random.Generator, angles: Array, fps: float) -> Array:
    """With sway, within the limits of anatomy, and without jerks."""
    noise = rng.standard_normal(angles.shape)
    sway = gaussian_filter1d(noise, _SWAY_TIME * fps, axis=0, mode='nearest')
    # A Gaussian leaves this much of white noise.
    sway *= np.sqrt(2 * np.sqrt(np.pi) * _SWAY_TIME * fps) * _SWAY
    sway[:, [NAMES.index('pelvis'), NAMES.index('chest')]] *= 0.4
    limited = Pose(angles + sway).limited().angles
    return np.asarray(gaussian_filter1d(limited, _SMOOTH * fps, axis=0, mode='nearest'))


def _heading(
    rng: np.random.Generator, track: Track, feet: Array, reach: float, fps: float
) -> Array:
    ahead = np.zeros(len(feet))
    if track.roams:
        steps = steps_of(feet, ahead, track, fps)
        return wander(rng, steps, track.stepping, reach=0.8 * reach, fps=fps)
    return track.heading + rng.uniform(-np.pi, np.pi)


def _centred(rng: np.random.Generator, position: Array, reach: float) -> Array:
    """Moved as a whole to anywhere within reach, as far as there is room."""
    low, high = position.min(0), position.max(0)
    room = np.maximum(reach / np.sqrt(2) - (high - low) / 2, 0)
    return position - (low + high) / 2 + rng.uniform(-room, room)
