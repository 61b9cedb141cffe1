"""One function: a scene and a camera to an image, with depth and what is where."""

from dataclasses import dataclass
from typing import Tuple

import cv2
import numpy as np
from numpy.typing import NDArray

from .camera import Camera
from .raster import NEAREST, Surface, surfaces
from .scene import Scene
from .skeleton import Array
from .solids import Box, Cone, Paint

NOTHING = -1
MURKY = 12.0  # metres: farther shadows are not seen


@dataclass(frozen=True)
class Rendering:
    """What a camera sees.

    Attributes:
        image: ``(height, width, 3)``, uint8, BGR.
        depth: ``(height, width)``, metres; infinite where only surroundings are.
        solid: ``(height, width)``, int16, index into ``Scene.solids``, or -1.
    """

    image: NDArray[np.uint8]
    depth: NDArray[np.float32]
    solid: NDArray[np.int16]


def render(scene: Scene, camera: Camera) -> Rendering:
    """Draw what a camera sees: shaded solids over their shadows and surroundings."""
    image = scene.surroundings.seen_by(camera)
    _cast_shadows(image, scene, camera)
    depth = np.full(image.shape[:2], np.inf, np.float32)
    owner = np.full(image.shape[:2], NOTHING, np.int16)
    solids = scene.solids
    # The lamp, and the sky above.
    lights = np.stack((camera.rotation @ scene.light, camera.rotation[:, 2]))
    distances = camera.view(_spines(scene)[0].mean(1))[:, 2]
    # Far ones first, so that soft edges lie over what is behind them.
    for index in np.argsort(-distances, kind='stable'):
        solid = solids[index]
        for surface in surfaces(solid, camera, lights):
            place = (surface.rows, surface.columns)
            nearer = surface.depth < depth[place]
            cover = surface.cover * nearer
            colour = _lit(surface, solid.paint, np.float32(scene.contrast))
            pixels = image[place]
            pixels += cover[..., None] * (colour - pixels)
            solid_here = cover > 0.5
            np.copyto(depth[place], surface.depth, where=solid_here)
            np.copyto(owner[place], np.int16(index), where=solid_here)
    return Rendering(np.clip(image, 0, 255).astype(np.uint8), depth, owner)


def _lit(surface: Surface, paint: Paint, contrast: np.float32) -> NDArray[np.float32]:
    """Colour of a surface under one lamp and the light of the sky."""
    lamp, sky = surface.facing
    shade = contrast * np.maximum(lamp, 0)
    # Turned to the sky a surface gets all of the rest, turned to the floor a part.
    shade += (1 - contrast) * (np.float32(0.75) + np.float32(0.35) * sky)
    colour = np.array(paint.colour, np.float32)
    if paint.bands is None:
        return shade[..., None] * colour
    other = np.floor(surface.along / np.float32(paint.width)) % 2 > 0
    mixed = np.where(other[..., None], np.array(paint.bands, np.float32), colour)
    return shade[..., None] * mixed


def _cast_shadows(image: NDArray[np.float32], scene: Scene, camera: Camera) -> None:
    """Darken the floor where the lamp is hidden, in the image itself."""
    ends, radii = _spines(scene)
    pixels, depths = camera.project(ends - ends[..., 2:] / scene.light[2] * scene.light)
    near, far = depths.min(1), np.abs(pixels).max((1, 2))
    # Drawn at half the size: shadows are soft.
    shadow = np.zeros([(side + 1) // 2 for side in image.shape[:2]], np.uint8)
    thick = 0.6 * camera.focal * radii / np.maximum(near, NEAREST)
    points = np.round(pixels / 2)
    for i in np.flatnonzero((near > NEAREST) & (near < MURKY) & (far < 4000)):
        (x0, y0), (x1, y1) = points[i].astype(int).tolist()
        cv2.line(shadow, (x0, y0), (x1, y1), (255,), int(min(max(thick[i], 1), 100)))
    light = 255 - np.float32(0.55 * scene.contrast) * cv2.GaussianBlur(
        shadow, (5, 5), 0
    ).astype(np.float32)
    image *= cv2.resize(light / 255, camera.size)[..., None]


def _spines(scene: Scene) -> Tuple[Array, Array]:
    """A line through every solid ``(S, 2, 3)``, and its thickness ``(S,)``."""
    ends, radii = [], []
    for solid in scene.solids:
        if isinstance(solid, Cone):
            ends.append((solid.start, solid.end))
            radii.append(solid.start_radius + solid.end_radius)
        else:
            sides = solid.halves if isinstance(solid, Box) else solid.radii
            half = solid.axes[:, 2] * (sides[2] / 2)
            ends.append((solid.centre - half, solid.centre + half))
            radii.append(float(sides[0] + sides[1]))
    return np.array(ends), np.array(radii)
