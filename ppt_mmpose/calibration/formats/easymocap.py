"""EasyMocap's folder with ``intri.yml`` and ``extri.yml``, written by OpenCV.

``names`` lists the cameras. ``intri.yml`` has ``K_<name>``, ``dist_<name>`` (or
``D_<name>``), and sometimes ``H_<name>`` and ``W_<name>``; ``extri.yml`` has
``R_<name>`` (Rodrigues vector) and ``Rot_<name>`` (the same as a matrix), both world to
camera, and ``T_<name>``. Lengths are in metres.
"""

import re
from pathlib import Path
from typing import Any, Dict, Optional

import numpy as np
from scipy.spatial.transform import Rotation

from ..calibration import Calibration
from ..checks import ROTATION_TOLERANCE, checked_calibration
from ..documents import read_opencv, write_opencv
from ..fields import Fields
from ..record import CameraRecord, ImageSize, records_of
from ..units import Unit
from .format import Format

UNIT = 'm'
COEFFICIENTS = 5
INTRINSICS, EXTRINSICS = 'intri.yml', 'extri.yml'
# What OpenCV takes for the name of a node.
_NAME = re.compile(r'[A-Za-z0-9_-]+')


def read(path: Path, unit: Unit = UNIT) -> Calibration:
    """Read a folder.

    Raises:
        FileNotFoundError: if one of the files is missing.
        ValueError: naming the folder, the camera and the node.
    """
    nodes = {**read_opencv(path / EXTRINSICS), **read_opencv(path / INTRINSICS)}
    names = nodes.get('names')
    if not isinstance(names, list):
        raise ValueError(f'{path / INTRINSICS}: names: expected a list, got {names!r}')
    records = [_record(nodes, str(name), path) for name in names]
    return checked_calibration(records, path, unit)


def _record(nodes: Dict[str, Any], name: str, path: Path) -> CameraRecord:
    fields = Fields(nodes, f'{path}, camera {name!r}')
    distortion = fields.vector(fields.first(f'dist_{name}', f'D_{name}'))
    return CameraRecord(
        name,
        fields.matrix(f'K_{name}'),
        _rotation(fields, f'R_{name}', f'Rot_{name}'),
        fields.vector(f'T_{name}', 3),
        distortion,
        _size(fields, f'W_{name}', f'H_{name}'),
    )


def _rotation(fields: Fields, vector: str, matrix: str) -> np.ndarray:
    rotation = fields.rotation(vector, matrix)
    if vector in fields and matrix in fields:
        difference = float(np.abs(rotation - fields.matrix(matrix)).max())
        if not difference < ROTATION_TOLERANCE:
            raise ValueError(
                f'{fields.where}: {vector}: expected the rotation of {matrix}, got one '
                f'that differs by {difference:.2g}'
            )
    return rotation


def _size(fields: Fields, width: str, height: str) -> Optional[ImageSize]:
    # EasyMocap writes 0 or -1 where it knows no size.
    if all(name in fields and fields.number(name) <= 0 for name in (width, height)):
        return None
    return fields.size(width, height)


def write(calibration: Calibration, path: Path) -> None:
    """Write a folder, in m.

    Raises:
        ValueError: for a name that OpenCV does not take, or more than five distortion
            coefficients.
    """
    records = records_of(calibration, UNIT)
    names = [record.name for record in records]
    intrinsics: Dict[str, Any] = dict(names=names)
    extrinsics: Dict[str, Any] = dict(names=names)
    for record in records:
        name = record.name
        if not _NAME.fullmatch(name):
            raise ValueError(
                f'name of camera {name!r}: expected letters, digits, _ and - only, '
                'because the format makes keys of it'
            )
        intrinsics[f'K_{name}'] = record.intrinsics
        intrinsics[f'dist_{name}'] = record.coefficients(COEFFICIENTS)[None]
        if record.image_size:
            intrinsics[f'W_{name}'], intrinsics[f'H_{name}'] = record.image_size
        vector = Rotation.from_matrix(record.rotation).as_rotvec()
        extrinsics[f'R_{name}'] = vector[:, None]
        extrinsics[f'Rot_{name}'] = record.rotation
        extrinsics[f'T_{name}'] = record.translation[:, None]
    write_opencv(path / INTRINSICS, intrinsics)
    write_opencv(path / EXTRINSICS, extrinsics)


def fits(document: Any) -> bool:
    """Whether a folder has both files."""
    return {INTRINSICS, EXTRINSICS} <= set(document)


FORMAT = Format(
    name='easymocap',
    description='EasyMocap, a folder',
    unit=UNIT,
    suffix='',
    recognised_by=f'{INTRINSICS} and {EXTRINSICS}',
    read=read,
    write=write,
    fits=fits,
)
