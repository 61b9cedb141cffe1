"""What is around the people: a floor with a texture and a cluttered horizon.

Both belong to the world, not to an image, so that every camera of a scene sees the
same place.
"""

from dataclasses import dataclass
from typing import Tuple

import cv2
import numpy as np
from numpy.typing import NDArray

from .camera import Camera

FLOOR_TILE = 4.0  # metres that one copy of the texture covers
FLOOR_PIXELS = 128
WIDTH, HEIGHT = 640, 128  # of the horizon, all around


@dataclass(frozen=True)
class Surroundings:
    """Floor and horizon.

    Attributes:
        floor: ``(128, 128, 3)``, uint8, repeated every 4 m.
        horizon: ``(128, 640, 3)``, uint8: all around, from the top down.
        radius: distance of the horizon, metres.
        tallest: height of the horizon's upper edge, metres.
    """

    floor: NDArray[np.uint8]
    horizon: NDArray[np.uint8]
    radius: float
    tallest: float = 6.0

    def seen_by(self, camera: Camera) -> NDArray[np.float32]:
        """The empty place, ``(height, width, 3)``, 0 to 255."""
        # Every other pixel: what is far behind the people is out of focus anyway.
        width, height = ((side + 1) // 2 for side in camera.size)
        x = (2 * np.arange(width, dtype=np.float32) + 0.5 - camera.centre[0]) / (
            np.float32(camera.focal)
        )
        y = (
            2 * np.arange(height, dtype=np.float32)[:, None] + 0.5 - camera.centre[1]
        ) / (np.float32(camera.focal))
        r = camera.rotation.astype(np.float32)
        east, north, up = (x * r[0, k] + (y * r[1, k] + r[2, k]) for k in range(3))
        eye = camera.eye.astype(np.float32)
        flat, turn = cv2.cartToPolar(east, north)
        # The horizon stands around the eye, its foot on the floor.
        rise = eye[2] + self.radius * up / np.maximum(flat, 1e-6)
        column = turn * np.float32(WIDTH / (2 * np.pi))
        row = (1 - rise / np.float32(self.tallest)) * (HEIGHT - 1)
        np.clip(row, 0, HEIGHT - 1, out=row)
        # Two columns more, so that the seam is interpolated too.
        ring = np.concatenate((self.horizon, self.horizon[:, :2]), axis=1)
        image = cv2.remap(ring, column, row, cv2.INTER_LINEAR)
        if float(rise.min()) < 0:
            steps = -eye[2] / np.minimum(up, -1e-6)
            scale = np.float32(FLOOR_PIXELS / FLOOR_TILE)
            u = np.mod((eye[0] + steps * east) * scale, FLOOR_PIXELS)
            v = np.mod((eye[1] + steps * north) * scale, FLOOR_PIXELS)
            tile = np.pad(self.floor, ((0, 1), (0, 1), (0, 0)), mode='wrap')
            floor = cv2.remap(tile, u, v, cv2.INTER_LINEAR)
            np.copyto(image, floor, where=(rise < 0)[..., None])
        return np.asarray(cv2.resize(image.astype(np.float32), camera.size), np.float32)


def random_surroundings(rng: np.random.Generator) -> Surroundings:
    """A room, a street or a field that nobody has seen."""
    return Surroundings(_floor(rng), _horizon(rng), rng.uniform(4, 10))


def _colours(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Mostly muted, some strong: ``(count, 3)``."""
    grey = rng.uniform(30, 225, (count, 1))
    return np.clip(grey + rng.normal(0, rng.choice((6, 14, 40)), (count, 3)), 0, 255)


def _noise(
    rng: np.random.Generator, width: int, height: int, cell: int
) -> NDArray[np.float32]:
    small = rng.standard_normal((height // cell + 1, width // cell + 1))
    large = cv2.resize(small.astype(np.float32), (width, height))
    return np.asarray(large, np.float32)[..., None]


def _floor(rng: np.random.Generator) -> NDArray[np.uint8]:
    base, other = _colours(rng, 2)
    size = FLOOR_PIXELS
    image = np.empty((size, size, 3), np.float32)
    image[:] = base
    step = size // int(rng.choice((1, 2, 4, 8)))
    if rng.uniform() < 0.6:  # tiles or planks
        lines = np.zeros((size, size), np.float32)
        lines[::step] = 1
        if rng.uniform() < 0.6:
            lines[:, ::step] = 1
        dark = cv2.GaussianBlur(lines, (3, 3), 0)[..., None]
        image += dark * (other - base).astype(np.float32) * 0.8
    image += _noise(rng, size, size, 16) * rng.uniform(2, 14)
    image += _noise(rng, size, size, 2) * rng.uniform(1, 9)
    return np.clip(image, 0, 255).astype(np.uint8)


def _horizon(rng: np.random.Generator) -> NDArray[np.uint8]:
    top, bottom = _colours(rng, 2).astype(np.float32)
    fade = np.linspace(0, 1, HEIGHT, dtype=np.float32)[:, None, None]
    image = np.broadcast_to(top + (bottom - top) * fade, (HEIGHT, WIDTH, 3)).copy()
    count = int(rng.integers(20, 90))
    for colour in _colours(rng, count):
        _shape(image, tuple(colour), rng)
    image += _noise(rng, WIDTH, HEIGHT, 16) * rng.uniform(2, 14)
    image += _noise(rng, WIDTH, HEIGHT, 2) * rng.uniform(0, 8)
    return np.clip(image, 0, 255).astype(np.uint8)


def _shape(
    image: NDArray[np.float32], colour: Tuple[float, ...], rng: np.random.Generator
) -> None:
    """Furniture, windows, trees and things like limbs, drawn into the horizon."""
    x, y = int(rng.integers(WIDTH)), int(rng.integers(HEIGHT // 3, HEIGHT))
    w, h = (int(v) for v in rng.integers(4, (70, 60)))
    kind = rng.uniform()
    if kind < 0.45:
        cv2.rectangle(image, (x, y - h), (x + w, y), colour, -1)
        if kind < 0.2:
            edge = tuple(0.6 * value for value in colour)
            cv2.rectangle(image, (x, y - h), (x + w, y), edge, 2)
    elif kind < 0.6:
        cv2.ellipse(image, (x, y), (w // 2, h // 2), 0, 0, 360, colour, -1, cv2.LINE_AA)
    else:
        tilt = int(rng.normal(0, 6))
        thick = int(rng.integers(1, 7))
        cv2.line(image, (x, y), (x + tilt, y - h), colour, thick, cv2.LINE_AA)
