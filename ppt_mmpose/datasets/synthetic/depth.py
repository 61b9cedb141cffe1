"""How far away solids are, without colours: what hides what."""

from typing import Iterable

import numpy as np
from numpy.typing import NDArray

from .camera import Camera
from .raster import surfaces
from .solids import Solid

_NO_LIGHTS = np.zeros((0, 3))


def depth_of(solids: Iterable[Solid], camera: Camera) -> NDArray[np.float32]:
    """The depth that :func:`.render.render` finds for these solids alone.

    Args:
        solids: in the world.
        camera: that looks.

    Returns:
        ``(height, width)``, metres; infinite where there is none of them.
    """
    width, height = camera.size
    depth = np.full((height, width), np.inf, np.float32)
    for solid in solids:
        for surface in surfaces(solid, camera, _NO_LIGHTS):
            there = depth[surface.rows, surface.columns]
            nearer = (surface.cover > 0.5) & (surface.depth < there)
            np.copyto(there, surface.depth, where=nearer)
    return depth
