"""``calibration_*.json`` of CMU Panoptic.

A list of ``cameras``, each with ``name`` (as ``00_12``), ``type`` (``hd``, ``vga``, a
Kinect), ``resolution``, ``K``, ``distCoef`` (five), ``R`` and ``t``, world to camera,
in centimetres. There are about 500; `Calibration.select` takes those that are wanted.
"""

import re
from pathlib import Path
from typing import Any, Dict

from ..calibration import Calibration
from ..checks import checked_calibration
from ..documents import read_json, write_json
from ..fields import Fields
from ..record import CameraRecord, records_of
from ..units import Unit
from .format import Format

UNIT = 'cm'
COEFFICIENTS = 5
_NAME = re.compile(r'(\d+)_(\d+)')


def read(path: Path, unit: Unit = UNIT) -> Calibration:
    """Read a file.

    Raises:
        ValueError: naming the file, the camera and the key.
    """
    cameras = read_json(path).get('cameras')
    if not isinstance(cameras, list):
        raise ValueError(f'{path}: cameras: expected a list, got {cameras!r}')
    records = [
        _record(camera, f'{path}, cameras[{index}]')
        for index, camera in enumerate(cameras)
    ]
    return checked_calibration(records, path, unit)


def _record(camera: Any, where: str) -> CameraRecord:
    fields = Fields(camera, where)
    return CameraRecord(
        str(fields.values[fields.first('name')]),
        fields.matrix('K'),
        fields.rotation('R'),
        fields.vector('t', 3),
        fields.vector('distCoef'),
        fields.size('resolution'),
    )


def write(calibration: Calibration, path: Path) -> None:
    """Write a file, in cm; all cameras as HD ones.

    Raises:
        ValueError: for a camera without image size or with more than five distortion
            coefficients.
    """
    cameras = [
        _entry(index, record)
        for index, record in enumerate(records_of(calibration, UNIT))
    ]
    write_json(path, dict(cameras=cameras))


def _entry(index: int, record: CameraRecord) -> Dict[str, Any]:
    # The panel and the node are what Panoptic's names are made of.
    numbers = _NAME.fullmatch(record.name)
    panel, node = map(int, numbers.groups()) if numbers else (0, index)
    return dict(
        name=record.name,
        type='hd',
        resolution=list(record.known_size()),
        panel=panel,
        node=node,
        K=record.intrinsics.tolist(),
        distCoef=record.coefficients(COEFFICIENTS).tolist(),
        R=record.rotation.tolist(),
        t=record.translation[:, None].tolist(),
    )


def fits(document: Any) -> bool:
    """Whether a document lists a camera with K and distCoef."""
    cameras = document.get('cameras')
    return isinstance(cameras, list) and any(
        isinstance(camera, dict) and {'K', 'distCoef'} <= set(camera)
        for camera in cameras
    )


FORMAT = Format(
    name='panoptic',
    description='CMU Panoptic, calibration_*.json',
    unit=UNIT,
    suffix='.json',
    recognised_by='JSON with a list of cameras with K and distCoef',
    read=read,
    write=write,
    fits=fits,
)
