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
        roaming: ``(n,)``, 0 to 1: how freely the body may choose where it goes; its
            heading follows from that.
        aloft: ``(n,)``, nothing touches the ground.
        sits: ``(n,)``, on a seat.
    """

    angles: Array
    heading: Array
    roaming: Array
    aloft: NDArray[np.bool_]
    sits: NDArray[np.bool_]
