"""What a body does over time, before it has a size and a place."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..skeleton import Array


@dataclass(frozen=True)
class Track:
    """Frames of a movement.

    Attributes:
        angles: ``(n, segments, 3)``, degrees, see :class:`..skeleton.Pose`.
        heading: ``(n,)``, radians, against the direction in which it starts.
        stepping: ``(n,)``, 0 to 1: how much of it are steps.
        bearing: ``(n, 2)``, how much of a body that steps the left and the right foot
            bear.
        roams: where there are steps it chooses where it goes, and its heading follows
            from that.
        aloft: ``(n,)``, nothing touches the ground.
        sits: ``(n,)``, on a seat.
    """

    angles: Array
    heading: Array
    stepping: Array
    bearing: Array
    roams: bool
    aloft: NDArray[np.bool_]
    sits: NDArray[np.bool_]
