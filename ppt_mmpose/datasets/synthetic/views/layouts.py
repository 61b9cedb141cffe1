"""Where the cameras of a recording stand: around, in a laboratory, beside a slope."""

from dataclasses import replace
from typing import Callable, Dict, List, NamedTuple, Tuple

import numpy as np
import torch

from ....calibration import Calibration
from ....geometry import Cameras
from ..camera import Camera
from ..skeleton import Array

FEWEST, MOST = 2, 8  # cameras
MIDDLE = np.array((0.0, 0.0, 0.95))  # of a person at the origin, metres
# Side by side: what two opposite cameras see does not tell how far away it is.
_TWO_APART = np.pi / 2


class Layout(NamedTuple):
    """A kind of place with cameras.

    Attributes:
        eyes: draws where V cameras are, ``(V, 3)``, metres.
        field: least and greatest width of what a camera sees around the middle of the
            place, metres.
        reach: how far from the middle people stand at most, metres.
    """

    eyes: Callable[[np.random.Generator, int], Array]
    field: Tuple[float, float]
    reach: float


def all_around(
    rng: np.random.Generator,
    views: int,
    *,
    distance: Tuple[float, float],
    height: Tuple[float, float],
) -> Array:
    """Evenly, ``(V, 3)``; two stand side by side. Ranges in metres."""
    step = _TWO_APART if views == 2 else 2 * np.pi / views
    turns = step * np.arange(views) + rng.uniform(0, 2 * np.pi)
    turns += rng.normal(0, 0.08, views)
    return _around(turns, rng.uniform(*distance, views), rng.uniform(*height, views))


def _ring(rng: np.random.Generator, views: int) -> Array:
    """All around, 3 to 5 m away, at the height of a tripod."""
    return all_around(rng, views, distance=(3, 5), height=(0.8, 2.2))


def _lab(rng: np.random.Generator, views: int) -> Array:
    """Below the ceiling of a room: in its corners, then amid its walls."""
    corners = [(1, 1), (-1, 1), (-1, -1), (1, -1)]
    walls = [(1, 0), (-1, 0), (0, 1), (0, -1)]
    places = np.array((corners + walls)[:views]) * rng.uniform(2.6, 3.4, 2)
    places = places + rng.normal(0, 0.1, (views, 2))
    return np.column_stack((places, rng.uniform(2, 3, views)))


def _slope(rng: np.random.Generator, views: int) -> Array:
    """All on one side, 8 to 11 m away."""
    spread = rng.uniform(np.radians(100), np.radians(140))
    turns = np.linspace(-0.5, 0.5, views) * spread + rng.uniform(0, 2 * np.pi)
    turns += rng.normal(0, 0.04, views)
    return _around(turns, rng.uniform(8, 11, views), rng.uniform(0.5, 4, views))


LAYOUTS: Dict[str, Layout] = dict(
    ring=Layout(_ring, (2.5, 3.0), 0.5),
    lab=Layout(_lab, (3.0, 3.6), 0.6),
    slope=Layout(_slope, (2.4, 2.8), 0.5),
)


def random_rig(
    rng: np.random.Generator,
    layout: str,
    *,
    views: int,
    size: Tuple[int, int],
    lens: bool = False,
) -> Calibration:
    """Cameras ``cam0``, ``cam1`` and so on that look at the middle of a place.

    The world has its origin on the floor, in the middle of the place, and z up.

    Args:
        rng: everything is drawn from it.
        layout: one of :data:`LAYOUTS`.
        views: V, 2 to 8.
        size: width and height of the images, px.
        lens: with barrel distortion as of wide-angle lenses; pinholes otherwise.

    Raises:
        ValueError: for an unknown layout, or another number of views.
    """
    if layout not in LAYOUTS:
        raise ValueError(
            f'layout: expected one of {", ".join(LAYOUTS)}, got {layout!r}'
        )
    if not FEWEST <= views <= MOST:
        raise ValueError(f'cameras: expected {FEWEST} to {MOST}, got {views}')
    return rig_of(rng, LAYOUTS[layout], views=views, size=size, lens=lens)


def rig_of(
    rng: np.random.Generator,
    layout: Layout,
    *,
    views: int,
    size: Tuple[int, int],
    lens: bool = False,
) -> Calibration:
    """As :func:`random_rig`, of a layout of one's own and any number of views."""
    eyes = layout.eyes(rng, views)
    fields = rng.uniform(*layout.field, views)
    cameras = [_aimed(rng, eye, field, size) for eye, field in zip(eyes, fields)]
    distortion = _lenses(rng, views) if lens else np.zeros((views, 5))
    return Calibration(
        tuple(f'cam{view}' for view in range(views)),
        _geometric(cameras, distortion),
        (size,) * views,
    )


def _around(turns: Array, distances: Array, heights: Array) -> Array:
    flat = distances[:, None] * np.stack((np.cos(turns), np.sin(turns)), axis=1)
    return np.column_stack((flat, heights))


def _aimed(
    rng: np.random.Generator, eye: Array, field: float, size: Tuple[int, int]
) -> Camera:
    """A camera as someone sets it up: nearly level, nearly at the middle."""
    target = MIDDLE + rng.normal(0, 0.04, 3)
    focal = min(size) * float(np.linalg.norm(target - eye)) / field
    roll = float(rng.normal(0, 0.03))
    camera = Camera.looking_at(target, eye=eye, focal=focal, size=size, roll=roll)
    x, y = np.array(camera.centre) + rng.normal(0, 0.01, 2) * size
    return replace(camera, centre=(float(x), float(y)))


def _lenses(rng: np.random.Generator, views: int) -> Array:
    """``(V, 5)``, OpenCV's k1 k2 p1 p2 k3: about those of Human3.6M's cameras."""
    return np.column_stack(
        (
            rng.uniform(-0.3, -0.15, views),
            rng.uniform(0.1, 0.25, views),
            rng.normal(0, 0.0015, (views, 2)),
            rng.normal(0, 0.003, views),
        )
    )


def _geometric(cameras: List[Camera], distortion: Array) -> Cameras:
    """The same cameras as the rest of the package has them: the axes are alike."""
    matrices, rotations, translations = (
        torch.from_numpy(np.stack([getattr(camera, name) for camera in cameras]))
        for name in ('matrix', 'rotation', 'translation')
    )
    return Cameras(matrices, rotations, translations, torch.from_numpy(distortion))
