"""TOML of Anipose, which Lightning Pose, sleap-anipose and FreeMoCap use, too.

One table ``[cam_0]`` for each camera: ``name``, ``size`` (width, height), ``matrix``,
``distortions`` (five), ``rotation`` (Rodrigues vector, world to camera) and
``translation``. Lengths are in the unit in which the calibration board was measured,
which the file does not name: mostly mm, in FreeMoCap always. FreeMoCap adds where the
camera is, which follows from the rest.
"""

from pathlib import Path
from typing import Any

from ..calibration import Calibration
from ..documents import write_toml
from ..record import records_of
from ..units import Unit
from .camera_tables import (
    KEYS,
    METADATA,
    camera_tables,
    look_like_cameras,
    read_tables,
    table_of,
)
from .format import Format

UNIT = 'mm'
COEFFICIENTS = 5
_FREEMOCAP_KEYS = ('world_position', 'world_orientation')


def read(path: Path, unit: Unit = UNIT) -> Calibration:
    """Read a file.

    Raises:
        ValueError: naming the file, the camera and the key.
    """
    return read_tables(path, unit, (*KEYS, *_FREEMOCAP_KEYS))


def write(calibration: Calibration, path: Path) -> None:
    """Write a file, in mm.

    Raises:
        ValueError: for a camera without image size or with more than five distortion
            coefficients.
    """
    # Anipose sorts the titles as words, which must not change the order.
    digits = len(str(len(calibration) - 1))
    tables: dict = {
        f'cam_{index:0{digits}d}': table_of(record, COEFFICIENTS)
        for index, record in enumerate(records_of(calibration, UNIT))
    }
    write_toml(path, {**tables, METADATA: dict(adjusted=False, error=0.0)})


def fits(document: Any) -> bool:
    """Whether a document is of this format and not Pose2Sim's."""
    return look_like_cameras(document) and not has_pose2sim_keys(document)


def has_pose2sim_keys(document: dict) -> bool:
    """Whether all cameras say whether they are fisheyes, as only Pose2Sim's do."""
    tables = camera_tables(document).values()
    return all('fisheye' in table for table in tables if isinstance(table, dict))


FORMAT = Format(
    name='anipose',
    description='Anipose, Lightning Pose, FreeMoCap',
    unit=UNIT,
    suffix='.toml',
    recognised_by='TOML tables with matrix, rotation and translation',
    read=read,
    write=write,
    fits=fits,
)
