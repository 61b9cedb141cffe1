"""A pinhole camera in the world of a scene.

Column vectors; ``x_cam = R x_world + t``; metres and pixels. The camera looks along
its z, with x to the right and y down. The centre of the top left pixel is (0, 0).
"""

from dataclasses import dataclass
from typing import Tuple

import numpy as np

from .skeleton import Array


@dataclass(frozen=True)
class Camera:
    """Intrinsics, pose and image size.

    Attributes:
        size: width and height of the image, px.
        focal: focal length, px.
        centre: principal point, px.
        rotation: R, ``(3, 3)``, world to camera.
        translation: t, ``(3,)``, metres.
    """

    size: Tuple[int, int]
    focal: float
    centre: Tuple[float, float]
    rotation: Array
    translation: Array

    @classmethod
    def looking_at(
        cls,
        target: Array,
        *,
        eye: Array,
        focal: float,
        size: Tuple[int, int],
        roll: float = 0.0,
    ) -> 'Camera':
        """A camera that sees a point of the world in the middle of its image.

        Args:
            target: ``(3,)``, metres, not straight above or below the eye.
            eye: ``(3,)``, the camera centre, metres.
            focal: px.
            size: width and height, px.
            roll: radians, about the line of sight.
        """
        forward = (target - eye) / np.linalg.norm(target - eye)
        right = np.cross(forward, (0.0, 0.0, 1.0))
        right /= np.linalg.norm(right)
        down = np.cross(forward, right)
        cos, sin = np.cos(roll), np.sin(roll)
        rotation = np.stack(
            (cos * right + sin * down, cos * down - sin * right, forward)
        )
        middle = ((size[0] - 1) / 2, (size[1] - 1) / 2)
        return cls(size, focal, middle, rotation, -rotation @ eye)

    @property
    def eye(self) -> Array:
        """The camera centre in the world, metres."""
        return -self.rotation.T @ self.translation

    @property
    def matrix(self) -> Array:
        """K, ``(3, 3)``."""
        (u, v), f = self.centre, self.focal
        return np.array([[f, 0, u], [0, f, v], [0, 0, 1]])

    def view(self, points: Array) -> Array:
        """World to camera coordinates, ``(..., 3)``, metres."""
        return points @ self.rotation.T + self.translation

    def project(self, points: Array) -> Tuple[Array, Array]:
        """World points to the image.

        Args:
            points: ``(..., 3)``, metres, in front of the camera.

        Returns:
            ``(..., 2)`` px, and depths ``(...,)`` along the line of sight, metres.
        """
        seen = self.view(points)
        pixels = self.focal * seen[..., :2] / seen[..., 2:] + np.array(self.centre)
        return pixels, seen[..., 2]
