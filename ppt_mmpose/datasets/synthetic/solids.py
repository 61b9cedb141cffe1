"""The shapes that a scene is built of, in world metres, and their paint."""

from dataclasses import dataclass
from typing import Optional, Tuple, Union

import numpy as np

from .skeleton import Array

Colour = Tuple[float, float, float]


@dataclass(frozen=True)
class Paint:
    """Colour of a solid, plain or in bands.

    Attributes:
        colour: blue, green, red, 0 to 255.
        bands: colour of every other band; None is plain.
        width: of a band, metres along the solid's own axis.
    """

    colour: Colour
    bands: Optional[Colour] = None
    width: float = 0.06


@dataclass(frozen=True)
class Ellipsoid:
    """A ball that is stretched along its axes.

    Attributes:
        part: what it is, as in 'head'.
        paint: bands run along its third axis.
        centre: ``(3,)``.
        axes: ``(3, 3)``, orthonormal columns.
        radii: ``(3,)``, along the axes.
    """

    part: str
    paint: Paint
    centre: Array
    axes: Array
    radii: Array


@dataclass(frozen=True)
class Cone:
    """Two balls and the hull around them.

    Attributes:
        part: what it is, as in 'left_forearm'.
        paint: bands run from start to end.
        start, end: ``(3,)``, centres of the balls.
        start_radius, end_radius: of the balls.
    """

    part: str
    paint: Paint
    start: Array
    end: Array
    start_radius: float
    end_radius: float


@dataclass(frozen=True)
class Box:
    """A cuboid.

    Attributes:
        part: what it is, as in 'seat'.
        paint: plain.
        centre: ``(3,)``.
        axes: ``(3, 3)``, orthonormal columns.
        halves: ``(3,)``, half of each side.
    """

    part: str
    paint: Paint
    centre: Array
    axes: Array
    halves: Array

    def corners(self) -> Array:
        """``(8, 3)``; bit k of the index says on which side of axis k."""
        signs = np.array(
            [[1 if i >> k & 1 else -1 for k in range(3)] for i in range(8)]
        )
        return self.centre + (signs * self.halves) @ self.axes.T


Solid = Union[Ellipsoid, Cone, Box]
