"""2D keypoints as a detector finds them in a video: near the truth, not at it.

Errors are shares of the height of the person's box, as detectors look at a crop. What
is known of them is in it: they are greater at the ends of limbs and where the body
hides a joint; they last for some frames; most are small and a few are large; left and
right are exchanged at times; and scores tell good from bad, though not always.
"""

from dataclasses import dataclass
from typing import Dict, List, Tuple

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from ..skeleton import Array
from .joints import JOINTS, kind

# Standard deviation against that of an average joint.
JOINT_ERRORS: Dict[str, float] = dict(
    root=0.8, hip=1.0, knee=1.0, foot=1.25, spine=0.85, thorax=0.7, neck_base=0.7,
    head=0.8, shoulder=0.85, elbow=1.15, wrist=1.5,
)  # fmt: skip
_ERRORS = np.array([JOINT_ERRORS[kind(name)] for name in JOINTS])
# What is exchanged together.
_LIMBS = (('knee', 'foot'), ('hip', 'knee', 'foot'), ('elbow', 'wrist'))


@dataclass(frozen=True)
class Detector:
    """How a detector errs. Times are seconds, lengths shares of the box's longer side.

    Args:
        error: standard deviation along x and along y, of an average joint that is seen.
        lasting: correlation time of an error.
        drifting: that of its slow half, which comes with the pose.
        spread: standard deviation of the logarithm of how hard a joint is at the time;
            the greater, the heavier the tails.
        hidden: how many times greater errors are where the body hides a joint.
        outliers: how often a joint is found somewhere else, per joint and second.
        farthest: of outliers, how far.
        swaps: how often left and right limbs are exchanged, per kind and second.
        episode: mean duration of outliers and swaps.
        doubt: what error halves the score.
    """

    error: float = 0.0085
    lasting: float = 0.08
    drifting: float = 0.8
    spread: float = 0.45
    hidden: float = 2.5
    outliers: float = 0.03
    farthest: float = 0.25
    swaps: float = 0.05
    episode: float = 0.15
    doubt: float = 0.035

    def detect(
        self,
        rng: np.random.Generator,
        pixels: Array,
        sides: Array,
        hidden: NDArray[np.bool_],
        *,
        fps: float,
    ) -> Array:
        """What it finds in the frames of a video.

        Args:
            rng: everything is drawn from it.
            pixels: ``(n, 17, 2)``, the truth, in Human3.6M's order.
            sides: ``(n,)``, longer side of the person's box, px.
            hidden: ``(n, 17)``, whether the body hides the joint.
            fps: frames per second.

        Returns:
            ``(n, 17, 3)``: px, and scores from 0 to 1.
        """
        hard = self._hardness(rng, hidden, fps)
        errors = hard[..., None] * self._wobble(rng, pixels.shape, fps)
        errors += self._outliers(rng, hidden.shape, fps)
        found = pixels + errors * sides[:, None, None]
        found, swapped = self._swapped(rng, found, fps)
        errors = (found - pixels) / sides[:, None, None]
        far = np.linalg.norm(errors, axis=-1)
        # Half of it shows in the picture, the other half is what the detector misses.
        seen = 0.5 * hard + 0.5 * np.where(swapped, 2 * hard, far)
        scores = 0.5 ** (seen / self.doubt) + rng.normal(0, 0.03, far.shape)
        return np.concatenate((found, np.clip(scores, 0.01, 1)[..., None]), -1)

    def _hardness(
        self, rng: np.random.Generator, hidden: NDArray[np.bool_], fps: float
    ) -> Array:
        """Standard deviation of errors at the time, ``(n, 17)``."""
        unsteady = _correlated(rng, hidden.shape, self.drifting * fps)
        hard = self.error * _ERRORS * np.exp(self.spread * unsteady)
        # A joint is not lost at once.
        weight = 1 - np.exp(-1 / max(0.04 * fps, 1e-6))
        share = lfilter([weight], [1, weight - 1], hidden.astype(float), axis=0)
        return np.asarray(hard * (1 + (self.hidden - 1) * share))

    def _wobble(
        self, rng: np.random.Generator, shape: Tuple[int, ...], fps: float
    ) -> Array:
        """Of unit variance: half of it slow, most of the rest lasting, some jitter."""
        slow = _correlated(rng, shape, self.drifting * fps)
        fast = _correlated(rng, shape, self.lasting * fps)
        jitter = rng.standard_normal(shape)
        mixed: Array = (
            np.sqrt(0.5) * slow + np.sqrt(0.45) * fast + np.sqrt(0.05) * jitter
        )
        return mixed

    def _outliers(
        self, rng: np.random.Generator, shape: Tuple[int, ...], fps: float
    ) -> Array:
        """``(n, 17, 2)``, zero but for short times."""
        errors = np.zeros((*shape, 2))
        for joint in range(shape[1]):
            for frames in self._episodes(rng, shape[0], self.outliers, fps):
                turn = rng.uniform(0, 2 * np.pi)
                away = rng.uniform(0.3, 1) * self.farthest
                errors[frames, joint] = away * np.cos(turn), away * np.sin(turn)
        return errors

    def _swapped(
        self, rng: np.random.Generator, found: Array, fps: float
    ) -> Tuple[Array, NDArray[np.bool_]]:
        swapped = np.zeros(found.shape[:2], bool)
        for limb in _LIMBS:
            left, right = (
                [JOINTS.index(f'{side}_{name}') for name in limb]
                for side in ('left', 'right')
            )
            for frames in self._episodes(rng, len(found), self.swaps, fps):
                both = found[frames].copy()
                found[frames, left], found[frames, right] = (
                    both[:, right],
                    both[:, left],
                )
                swapped[frames, left + right] ^= True
        return found, swapped

    def _episodes(
        self, rng: np.random.Generator, frames: int, rate: float, fps: float
    ) -> List[slice]:
        count = rng.poisson(rate * frames / fps)
        starts = rng.integers(0, frames, count)
        lengths = 1 + rng.geometric(min(1.0, 1 / (self.episode * fps)), count)
        return [slice(int(s), int(s + n)) for s, n in zip(starts, lengths)]


def _correlated(rng: np.random.Generator, shape: Tuple[int, ...], time: float) -> Array:
    """Stationary AR(1) noise of unit variance along the first axis.

    Args:
        rng: everything is drawn from it.
        shape: of it.
        time: frames after which it is correlated by 1 / e.
    """
    kept = np.exp(-1 / max(time, 1e-6))
    fresh = np.sqrt(1 - kept**2)
    noise = rng.standard_normal(shape)
    noise[0] /= fresh  # it has gone on for ever
    return np.asarray(lfilter([fresh], [1, -kept], noise, axis=0))
