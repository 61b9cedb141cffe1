"""Solids to pixels: which they cover, how far away, and how the surface is turned.

Ellipsoids are exact. Cones are drawn as the hull of two discs in the image, whose
depth bulges like a tube, which at the distances of a scene is within a pixel of the
real hull. Boxes are drawn face by face. Everything is in camera coordinates, and a
solid that reaches behind the camera is left out.
"""

from dataclasses import dataclass
from typing import Iterator, List

import cv2
import numpy as np
from numpy.typing import NDArray

from .camera import Camera
from .skeleton import Array
from .solids import Box, Cone, Ellipsoid, Solid

Image = NDArray[np.float32]
NEAREST = 0.15  # metres in front of the camera


@dataclass(frozen=True)
class Surface:
    """What one solid looks like; all arrays ``(h, w)``, at ``rows`` and ``columns``.

    Attributes:
        rows, columns: place in the image.
        cover: part of the pixel that is covered, 0 to 1.
        depth: metres.
        facing: for each light, the cosine between its direction and the normal.
        along: metres along the solid's axis, for bands.
    """

    rows: slice
    columns: slice
    cover: Image
    depth: Image
    facing: List[Image]
    along: Image


def surfaces(solid: Solid, camera: Camera, lights: Array) -> Iterator[Surface]:
    """Every visible piece of a solid, or nothing when it is out of the image.

    Args:
        solid: in the world.
        camera: that looks.
        lights: ``(n, 3)``, unit vectors towards them, in camera coordinates.
    """
    if isinstance(solid, Ellipsoid):
        yield from _ellipsoid(solid, camera, lights)
    elif isinstance(solid, Cone):
        yield from _cone(solid, camera, lights)
    else:
        yield from _box(solid, camera, lights)


class _Window:
    """The pixels of a rectangle of the image, cut to it; false when none are left."""

    def __init__(self, camera: Camera, low: Array, high: Array) -> None:
        width, height = camera.size
        x0, x1 = (_bounded(v, width) for v in (low[0] - 1, high[0] + 2))
        y0, y1 = (_bounded(v, height) for v in (low[1] - 1, high[1] + 2))
        self.rows, self.columns = slice(y0, y1), slice(x0, x1)
        self.seen = x1 > x0 and y1 > y0
        self.x = np.arange(x0, x1, dtype=np.float32)
        self.y = np.arange(y0, y1, dtype=np.float32)[:, None]


def _linear(v: Array, x: Image, y: Image) -> Image:
    """The product of v and (x, y, 1), for a row x and a column y."""
    a, b, c = v.astype(np.float32)
    return (a * x + c) + b * y


def _quadratic(m: Array, x: Image, y: Image) -> Image:
    """(x, y, 1)' m (x, y, 1) for a symmetric m, a row x and a column y."""
    (a, b, c), (_, d, e), (_, _, f) = m.astype(np.float32)
    row, column = (a * x + 2 * c) * x + f, (d * y + 2 * e) * y
    return row + column + (2 * b * y) * x


def _bounded(value: float, size: int) -> int:
    return int(min(max(value, 0), size))


def _share(value: Image) -> Image:
    """0.5 more, between 0 and 1; half the time of ``np.clip`` on small arrays."""
    return np.minimum(np.maximum(value + np.float32(0.5), 0), 1)


def _ellipsoid(solid: Ellipsoid, camera: Camera, lights: Array) -> Iterator[Surface]:
    centre = camera.view(solid.centre)
    if centre[2] - solid.radii.max() < NEAREST:
        return
    axes = camera.rotation @ solid.axes
    # Points X of the surface have (X - centre)' form (X - centre) = 1.
    form = (axes / solid.radii**2) @ axes.T
    dual = (axes * solid.radii**2) @ axes.T - np.outer(centre, centre)
    half = dual[:2, 2] ** 2 - np.diag(dual)[:2] * dual[2, 2]
    low, high = (
        camera.focal * (dual[:2, 2] + sign * np.sqrt(half)) / dual[2, 2] + camera.centre
        for sign in (1, -1)
    )
    window = _Window(camera, low, high)
    if not window.seen:
        return
    # Along the ray t (x, y, 1): a t^2 - 2 b t + c = 0, and t is the depth.
    x = (window.x - camera.centre[0]) / np.float32(camera.focal)
    y = (window.y - camera.centre[1]) / np.float32(camera.focal)
    g = form @ centre
    a, b = _quadratic(form, x, y), _linear(g, x, y)
    inside = b * b - a * np.float32(centre @ g - 1)
    peak = max(float(inside.max()), 1e-9)
    reach = 0.25 * float(np.min(high - low))
    cover = _share(inside * np.float32(reach / peak))
    depth = (b - np.sqrt(np.maximum(inside, 0))) / a
    # The normal is form (X - centre), with X = depth (x, y, 1).
    squared = depth * _quadratic(form @ form, x, y) - 2 * _linear(form @ g, x, y)
    shorter = 1 / np.sqrt(np.maximum(depth * squared + np.float32(g @ g), 1e-9))
    facing = [
        (depth * _linear(form @ light, x, y) - np.float32(light @ g)) * shorter
        for light in lights
    ]
    up = axes[:, 2]
    along = depth * _linear(up, x, y) - np.float32(up @ centre)
    yield Surface(window.rows, window.columns, cover, depth, facing, along)


def _cone(solid: Cone, camera: Camera, lights: Array) -> Iterator[Surface]:
    ends = camera.view(np.stack((solid.start, solid.end)))
    radii = np.array((solid.start_radius, solid.end_radius))
    if (ends[:, 2] - radii).min() < NEAREST:
        return
    pixels = camera.focal * ends[:, :2] / ends[:, 2:] + np.array(camera.centre)
    reach = camera.focal * radii / ends[:, 2]
    low, high = pixels - reach[:, None], pixels + reach[:, None]
    window = _Window(camera, low.min(0), high.max(0))
    if not window.seen:
        return
    (x0, y0), (dx, dy) = pixels[0].astype('f4'), (pixels[1] - pixels[0]).astype('f4')
    squared = max(float(dx * dx + dy * dy), 1e-6)
    x, y = window.x - x0, window.y - y0
    part = _share(x * (dx / squared) + y * (dy / squared) - np.float32(0.5))
    ex, ey = x - part * dx, y - part * dy
    radius = np.float32(reach[0]) + part * np.float32(reach[1] - reach[0])
    height = radius * radius - ex * ex - ey * ey
    cover = _share(height / (2 * radius))
    bulge = np.sqrt(np.maximum(height, 0))
    distance = np.float32(ends[0, 2]) + part * np.float32(ends[1, 2] - ends[0, 2])
    depth = distance - bulge * distance / np.float32(camera.focal)
    facing = [
        (ex * right + ey * down - bulge * ahead) / radius
        for right, down, ahead in lights.astype('f4')
    ]
    length = np.float32(np.linalg.norm(ends[1] - ends[0]))
    yield Surface(window.rows, window.columns, cover, depth, facing, part * length)


def _box(solid: Box, camera: Camera, lights: Array) -> Iterator[Surface]:
    corners = camera.view(solid.corners())
    if corners[:, 2].min() < NEAREST:
        return
    axes = camera.rotation @ solid.axes
    centre = camera.view(solid.centre)
    for axis in range(3):
        sign = -1 if axes[:, axis] @ centre > 0 else 1
        normal = sign * axes[:, axis]
        if normal @ (centre + normal * solid.halves[axis]) >= 0:
            continue  # seen edge on
        bit, (j, k) = 1 << axis, [1 << other for other in range(3) if other != axis]
        chosen = [(bit if sign > 0 else 0) + other for other in (0, j, j | k, k)]
        yield from _face(corners[chosen], normal, camera, lights)


def _face(
    corners: Array, normal: Array, camera: Camera, lights: Array
) -> Iterator[Surface]:
    pixels = camera.focal * corners[:, :2] / corners[:, 2:] + np.array(camera.centre)
    window = _Window(camera, pixels.min(0), pixels.max(0))
    if not window.seen:
        return
    shape = (window.y.shape[0], window.x.shape[0])
    mask = np.zeros(shape, np.uint8)
    local = (pixels - (window.x[0], window.y[0, 0])) * 16
    polygon = np.clip(np.round(local), -(1 << 20), 1 << 20).astype(np.int32)
    cv2.fillConvexPoly(mask, polygon, (255,), cv2.LINE_AA, 4)
    x = (window.x - camera.centre[0]) / np.float32(camera.focal)
    y = (window.y - camera.centre[1]) / np.float32(camera.focal)
    slope = np.minimum(_linear(normal, x, y), -1e-4)
    depth = np.float32(normal @ corners[0]) / slope
    lit = [np.full(shape, light @ normal, np.float32) for light in lights]
    zero = np.zeros(shape, np.float32)
    cover = mask.astype(np.float32) / 255
    yield Surface(window.rows, window.columns, cover, depth, lit, zero)
