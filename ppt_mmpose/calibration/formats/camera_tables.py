"""TOML tables of cameras, as Anipose began them and Pose2Sim took them over."""

from pathlib import Path
from typing import Any, Dict, Sequence

from scipy.spatial.transform import Rotation

from ..calibration import Calibration
from ..checks import checked_calibration
from ..documents import read_toml
from ..fields import Fields
from ..record import CameraRecord
from ..units import Unit

KEYS = (
    'name',
    'size',
    'matrix',
    'distortions',
    'rotation',
    'translation',
    'fisheye',
)
METADATA = 'metadata'
# What Pose2Sim, too, does not take for cameras.
_NO_CAMERAS = (METADATA, 'capture_volume', 'charuco', 'checkerboard')


def camera_tables(document: Dict[str, Any]) -> Dict[str, Any]:
    """The tables that are cameras: all but those of other names in use."""
    return {
        title: table for title, table in document.items() if title not in _NO_CAMERAS
    }


def look_like_cameras(document: Dict[str, Any]) -> bool:
    """Whether there are tables, and one of them has intrinsics and a pose."""
    tables = camera_tables(document).values()
    return any(
        isinstance(table, dict) and {'matrix', 'rotation', 'translation'} <= set(table)
        for table in tables
    )


def read_tables(path: Path, unit: Unit, known: Sequence[str]) -> Calibration:
    """Read all cameras; one without a name is called as its table.

    Args:
        path: of the file.
        unit: of its translations.
        known: keys that a camera may have.

    Raises:
        ValueError: naming the file, the camera and the key.
    """
    records = []
    for title, table in camera_tables(read_toml(path)).items():
        fields = Fields(table, f'{path}, table {title!r}')
        fields.expect_only(known)
        fields.refuse_fisheye('fisheye')
        records.append(
            CameraRecord(
                str(fields.values.get('name', title)),
                fields.matrix('matrix'),
                fields.rotation('rotation'),
                fields.vector('translation', 3),
                fields.vector('distortions'),
                fields.size('size'),
            )
        )
    return checked_calibration(records, path, unit)


def table_of(record: CameraRecord, coefficients: int) -> Dict[str, Any]:
    """What both dialects write of a camera.

    Raises:
        ValueError: for a camera without image size or with more distortion.
    """
    return dict(
        name=record.name,
        size=list(record.known_size()),
        matrix=record.intrinsics.tolist(),
        distortions=record.coefficients(coefficients).tolist(),
        rotation=Rotation.from_matrix(record.rotation).as_rotvec().tolist(),
        translation=record.translation.tolist(),
    )
