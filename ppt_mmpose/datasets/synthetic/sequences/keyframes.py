"""Poses in time, and what is between them."""

from typing import List

import numpy as np
from scipy.interpolate import PchipInterpolator

from ..skeleton import Array

SHORTEST = 0.3  # seconds: nothing is reached faster


class Keyframes:
    """A body that goes from pose to pose, and stays in some.

    Between two poses every joint angle goes one way only and arrives without speed
    where it turns round (monotone cubic splines: Fritsch and Butland, 1984). So limits
    that hold for the poses hold for all between them.

    Args:
        angles: ``(segments, 3)``, degrees, with which it starts.
    """

    def __init__(self, angles: Array) -> None:
        self._times: List[float] = [0.0]
        self._angles: List[Array] = [angles]

    @property
    def now(self) -> float:
        """Seconds until the last pose."""
        return self._times[-1]

    @property
    def last(self) -> Array:
        """The pose in which it is then."""
        return self._angles[-1]

    def hold(self, seconds: float) -> None:
        """Stay."""
        self._add(self.last, seconds)

    def reach(self, angles: Array, *, rate: float) -> None:
        """Go to a pose as fast as its slowest joint.

        Args:
            angles: ``(segments, 3)``, degrees.
            rate: mean of the joint that turns farthest, degrees per second.
        """
        farthest = float(np.abs(angles - self.last).max())
        self.arrive(angles, max(SHORTEST, farthest / rate))

    def arrive(self, angles: Array, seconds: float) -> None:
        """Go to a pose in a stated time."""
        self._add(angles, seconds)

    def at(self, times: Array) -> Array:
        """``(n,)`` seconds, up to the last pose, to ``(n, segments, 3)``, degrees."""
        spline = PchipInterpolator(self._times, np.stack(self._angles))
        found: Array = spline(np.minimum(times, self.now))
        return found

    def _add(self, angles: Array, seconds: float) -> None:
        self._times.append(self.now + seconds)
        self._angles.append(angles)
