"""A calibrated camera that can be drawn: a pinhole that sees enough, then its lens."""

from typing import Any, Tuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from ....calibration import Calibration
from ..camera import Camera
from ..skeleton import Array


class View:
    """One camera of a recording.

    What is drawn is what `pinhole` sees; `shown` makes the camera's image of it. With a
    lens the pinhole's image is larger than the camera's, so that it holds all that the
    lens bends into it.

    Args:
        calibration: with image sizes, and with square pixels.
        index: of the camera.

    Raises:
        ValueError: for a camera without image size, with pixels that are not square,
            or with a lens that cannot show its whole image.
    """

    def __init__(self, calibration: Calibration, index: int) -> None:
        self.name = calibration.names[index]
        size = calibration.image_sizes[index]
        if size is None:
            raise ValueError(f'camera {self.name!r}: expected an image size, got none')
        self.size: Tuple[int, int] = (int(size[0]), int(size[1]))
        self._camera = calibration.cameras.select([index])
        matrix = self._camera.intrinsics[0].numpy()
        focal = float(matrix[0, 0])
        square = np.array([[focal, 0], [0, focal]])
        if not np.allclose(matrix[:2, :2], square, rtol=1e-9, atol=1e-9):
            raise ValueError(
                f'camera {self.name!r}: expected one focal length and no skew, got '
                f'{matrix[:2, :2].tolist()}'
            )
        self._bent = bool(self._camera.distortion.any())
        corner, drawn_size = np.zeros(2), self.size
        if self._bent:
            source = self._unbent()
            # One pixel more on each side, which interpolation looks at.
            corner = np.floor(source.min((0, 1))) - 1
            width, height = (np.ceil(source.max((0, 1))) + 2 - corner).astype(int)
            drawn_size = (int(width), int(height))
            self._map = (source - corner).astype(np.float32)
        x, y = matrix[:2, 2] - corner
        self.pinhole = Camera(
            drawn_size,
            focal,
            (float(x), float(y)),
            self._camera.rotation[0].numpy(),
            self._camera.translation[0].numpy(),
        )

    def _unbent(self) -> Array:
        """Where a camera without the lens has each pixel: ``(height, width, 2)``."""
        width, height = self.size
        pixels = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1)
        flat = torch.from_numpy(pixels.reshape(1, -1, 2).astype(np.float64))
        points, found = self._camera.undistort(flat)
        if not found.all():
            raise ValueError(
                f'camera {self.name!r}: expected a lens that shows the whole image of '
                f'{width}x{height} px, got the coefficients '
                f'{self._camera.distortion[0].tolist()}'
            )
        return np.asarray(points[0].numpy().reshape(height, width, 2))

    def shown(self, picture: NDArray[Any], *, blend: bool = True) -> NDArray[Any]:
        """What the camera makes of what its pinhole sees.

        Args:
            picture: ``(height, width, ...)``, of the pinhole's size.
            blend: between pixels; otherwise the nearest one is taken.

        Returns:
            The same, of the camera's size.
        """
        if not self._bent:
            return picture
        how = cv2.INTER_LINEAR if blend else cv2.INTER_NEAREST
        # Repeated borders: rounding may ask for a bit more than there is.
        border = cv2.BORDER_REPLICATE
        return cv2.remap(picture, self._map, None, how, borderMode=border)  # type: ignore[call-overload]

    def project(self, points: Array) -> Tuple[Array, NDArray[np.bool_]]:
        """World points in the image.

        Args:
            points: ``(J, 3)``, metres.

        Returns:
            ``(J, 2)``, px, and whether they are in front of the camera and in its
            image, ``(J,)``.
        """
        projection = self._camera.project(torch.from_numpy(points))
        pixels = projection.pixels[0].numpy()
        inside = projection.in_front[0].numpy() & (pixels >= 0).all(1)
        return pixels, inside & (pixels <= np.array(self.size) - 1).all(1)
