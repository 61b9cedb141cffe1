"""``calibration_campus.json`` and ``calibration_shelf.json`` of VoxelPose.

Camera number to a camera in the spelling of `formats.centred.annotated_camera`: ``R``
is world to camera, ``T`` the centre in millimetres. MMPose 0.x read the same files.
There is no image size in them.
"""

from pathlib import Path
from typing import Any

import numpy as np

from ..calibration import Calibration
from ..checks import checked_calibration
from ..documents import read_json, write_json
from ..record import records_of
from ..units import Unit
from .centred import annotated_camera, annotated_camera_values
from .format import Format

UNIT = 'mm'


def read(path: Path, unit: Unit = UNIT) -> Calibration:
    """Read a file.

    Raises:
        ValueError: naming the file, the camera and the field.
    """
    records = [
        annotated_camera(values, name, f'{path}, camera {name!r}')
        for name, values in read_json(path).items()
    ]
    return checked_calibration(records, path, unit)


def write(calibration: Calibration, path: Path) -> None:
    """Write a file, in mm, without image sizes.

    Raises:
        ValueError: for skew, or more than five distortion coefficients.
    """
    cameras = {
        record.name: {
            name: np.asarray(value).tolist()
            for name, value in annotated_camera_values(record).items()
        }
        for record in records_of(calibration, UNIT)
    }
    write_json(path, cameras)


def fits(document: Any) -> bool:
    """Whether a document holds a dictionary with R, T, fx, fy, cx and cy."""
    return any(
        isinstance(values, dict) and {'R', 'T', 'fx', 'fy', 'cx', 'cy'} <= set(values)
        for values in document.values()
    )


FORMAT = Format(
    name='voxelpose',
    description="VoxelPose's Campus and Shelf, calibration_*.json",
    unit=UNIT,
    suffix='.json',
    recognised_by='JSON objects with R, T, fx, fy, cx and cy',
    read=read,
    write=write,
    fits=fits,
)
