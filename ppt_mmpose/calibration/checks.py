"""What is checked of every calibration that is read, whatever its format."""

from dataclasses import replace
from typing import Optional, Sequence

import numpy as np
import torch

from ..geometry import Cameras
from ..geometry.distortion import COEFFICIENTS
from .calibration import Calibration
from .record import CameraRecord, ImageSize
from .units import Unit, metres

# Files print rotations with four digits or more.
ROTATION_TOLERANCE = 1e-3
_INTRINSICS_TOLERANCE = 1e-6


def checked_calibration(
    records: Sequence[CameraRecord], source: object, unit: Unit
) -> Calibration:
    """Check cameras as a file gives them, and put them together in metres.

    Rotations that are rotations up to rounding are made exact ones.

    Args:
        records: in the unit of the file.
        source: the file, for messages.
        unit: of the translations.

    Raises:
        ValueError: naming the file, the camera, and what is wrong.
    """
    if not records:
        raise ValueError(f'{source}: expected at least one camera, got none')
    names = [record.name for record in records]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f'{source}: expected each camera once, got twice {twice}')
    checked = [
        _checked(record, f'{source}, camera {record.name!r}') for record in records
    ]
    cameras = Cameras(
        *(
            torch.from_numpy(np.stack([getattr(record, field) for record in checked]))
            for field in ('intrinsics', 'rotation', 'translation', 'distortion')
        )
    )
    sizes = tuple(record.image_size for record in checked)
    return Calibration(tuple(names), cameras, sizes).scaled(metres(unit))


def _checked(record: CameraRecord, where: str) -> CameraRecord:
    for field in ('intrinsics', 'rotation', 'translation', 'distortion'):
        value = getattr(record, field)
        if not np.isfinite(value).all():
            raise ValueError(
                f'{where}: {field}: expected finite numbers, got {value.tolist()}'
            )
    _check_intrinsics(record.intrinsics, record.image_size, where)
    return replace(
        record,
        rotation=nearest_rotation(record.rotation, where),
        distortion=_twelve(record.distortion, where),
    )


def nearest_rotation(matrix: np.ndarray, where: str) -> np.ndarray:
    """The rotation that a printed one is the rounding of.

    Args:
        matrix: ``(3, 3)``.
        where: begins the message.

    Returns:
        ``(3, 3)``, orthonormal to double precision.

    Raises:
        ValueError: if it is further from a rotation than rounding takes it.
    """
    deviation = float(np.abs(matrix @ matrix.T - np.eye(3)).max())
    mirrored = np.linalg.det(matrix) < 0
    if deviation > ROTATION_TOLERANCE:
        raise ValueError(
            f'{where}: rotation: expected an orthonormal matrix, got one of which '
            f'R R^T differs from the identity by {deviation:.2g}'
        )
    if mirrored:
        raise ValueError(
            f'{where}: rotation: expected the determinant 1, got -1: the matrix '
            'mirrors, as it does when one axis of the world or of the camera points '
            'the other way (negating that column or row gives a rotation)'
        )
    left, _, right = np.linalg.svd(matrix)
    return left @ right


def _check_intrinsics(
    matrix: np.ndarray, size: Optional[ImageSize], where: str
) -> None:
    below = np.array([matrix[1, 0], *matrix[2]])
    if np.abs(below - [0, 0, 0, 1]).max() > _INTRINSICS_TOLERANCE:
        raise ValueError(
            f'{where}: intrinsics: expected [[fx, skew, cx], [0, fy, cy], [0, 0, 1]], '
            f'got {matrix.tolist()}'
        )
    (fx, _, cx), (_, fy, cy) = matrix[:2].tolist()
    if min(fx, fy) <= 0:
        raise ValueError(
            f'{where}: intrinsics: expected focal lengths above 0, got {fx} and {fy}'
        )
    if size is not None and not (0 < cx < size[0] and 0 < cy < size[1]):
        raise ValueError(
            f'{where}: principal point: expected a place in the image of {size[0]} x '
            f'{size[1]} px, got ({cx:g}, {cy:g})'
        )


def _twelve(coefficients: np.ndarray, where: str) -> np.ndarray:
    count = len(COEFFICIENTS)
    # OpenCV writes 14, of which the last two tilt the sensor.
    if coefficients[count:].any():
        raise ValueError(
            f'{where}: distortion: expected the {count} coefficients '
            f'{" ".join(COEFFICIENTS)}, got also {coefficients[count:].tolist()}'
        )
    kept = coefficients[:count]
    return np.pad(kept, (0, count - len(kept)))
