"""One camera between its file and `Calibration`: plain arrays, in the file's unit."""

from dataclasses import dataclass
from typing import List, Optional, Tuple

import numpy as np

from ..geometry.distortion import COEFFICIENTS
from .calibration import Calibration
from .units import Unit, metres

ImageSize = Tuple[int, int]


@dataclass(frozen=True, eq=False)
class CameraRecord:
    """A camera as ``x_cam = rotation @ x_world + translation``.

    Attributes:
        name: as in the file.
        intrinsics: ``(3, 3)``, px.
        rotation: ``(3, 3)``, world to camera.
        translation: ``(3,)``, in the unit of the file.
        distortion: ``(n,)``, OpenCV's order.
        image_size: ``(width, height)``, px; None where it is not known.
    """

    name: str
    intrinsics: np.ndarray
    rotation: np.ndarray
    translation: np.ndarray
    distortion: np.ndarray
    image_size: Optional[ImageSize] = None

    @property
    def centre(self) -> np.ndarray:
        """``(3,)``, where the camera is in the world."""
        return -self.rotation.T @ self.translation

    def coefficients(self, count: int) -> np.ndarray:
        """The first ``count`` distortion coefficients, zero where there are fewer.

        Raises:
            ValueError: if a later one is not zero, so that it would be lost.
        """
        lost = {
            name: float(value)
            for name, value in zip(COEFFICIENTS[count:], self.distortion[count:])
            if value
        }
        if lost:
            raise ValueError(
                f'distortion of camera {self.name!r}: expected at most '
                f'{" ".join(COEFFICIENTS[:count])}, which is what the format holds, '
                f'got {", ".join(f"{name} = {value}" for name, value in lost.items())}'
            )
        missing = max(0, count - len(self.distortion))
        return np.pad(self.distortion[:count], (0, missing))

    def known_size(self) -> ImageSize:
        """``(width, height)``, px.

        Raises:
            ValueError: if it is not known.
        """
        if self.image_size is None:
            raise ValueError(
                f'image size of camera {self.name!r}: expected (width, height), which '
                'the format cannot do without, got None'
            )
        return self.image_size

    def without_skew(self) -> Tuple[float, float, float, float]:
        """``fx``, ``fy``, ``cx``, ``cy``, px.

        Raises:
            ValueError: if the pixels are skewed.
        """
        (fx, skew, cx), (_, fy, cy) = self.intrinsics[:2].tolist()
        if skew:
            raise ValueError(
                f'skew of camera {self.name!r}: expected 0, because the format holds '
                f'none, got {skew}'
            )
        return fx, fy, cx, cy


def records_of(calibration: Calibration, unit: Unit) -> List[CameraRecord]:
    """The cameras of a calibration one by one, lengths in this unit."""
    cameras = calibration.cameras
    return [
        CameraRecord(
            name,
            cameras.intrinsics[view].detach().cpu().numpy(),
            cameras.rotation[view].detach().cpu().numpy(),
            cameras.translation[view].detach().cpu().numpy() / metres(unit),
            cameras.distortion[view].detach().cpu().numpy(),
            size,
        )
        for view, (name, size) in enumerate(
            zip(calibration.names, calibration.image_sizes)
        )
    ]
