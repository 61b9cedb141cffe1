"""Pose2Sim's ``Calib.toml``.

The tables of `formats.anipose` in metres, with four distortion coefficients and
``fisheye = false`` for each camera. Their titles are ``cam_01`` or the camera's name.

Caliscope's export for Anipose has ``fisheye`` and metres, too, and is read as this.
"""

from pathlib import Path
from typing import Any

from ..calibration import Calibration
from ..documents import write_toml
from ..record import CameraRecord, records_of
from ..units import Unit
from .anipose import has_pose2sim_keys
from .camera_tables import KEYS, METADATA, look_like_cameras, read_tables, table_of
from .format import Format

UNIT = 'm'
COEFFICIENTS = 4


def read(path: Path, unit: Unit = UNIT) -> Calibration:
    """Read a file.

    Raises:
        ValueError: naming the file, the camera and the key.
    """
    return read_tables(path, unit, KEYS)


def write(calibration: Calibration, path: Path) -> None:
    """Write a file, in m.

    Raises:
        ValueError: for a camera without image size, with skew, or with more than four
            distortion coefficients.
    """
    tables: dict = {
        f'cam_{index:02d}': _table(record)
        for index, record in enumerate(records_of(calibration, UNIT), start=1)
    }
    write_toml(path, {**tables, METADATA: dict(adjusted=False, error=0.0)})


def _table(record: CameraRecord) -> dict:
    # Pose2Sim itself keeps no skew.
    record.without_skew()
    table = table_of(record, COEFFICIENTS)
    size = [float(side) for side in table['size']]
    return {**table, 'size': size, 'fisheye': False}


def fits(document: Any) -> bool:
    """Whether a document is of this format."""
    return look_like_cameras(document) and has_pose2sim_keys(document)


FORMAT = Format(
    name='pose2sim',
    description="Pose2Sim's Calib.toml",
    unit=UNIT,
    suffix='.toml',
    recognised_by='the same with fisheye for each camera',
    read=read,
    write=write,
    fits=fits,
)
