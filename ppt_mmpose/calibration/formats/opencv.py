"""A folder of OpenCV's own files, YAML or XML, one for each camera.

The file is called as the camera and has ``camera_matrix``,
``distortion_coefficients``, ``image_width`` and ``image_height``, as OpenCV's
calibration sample writes them, and where the camera is: ``rotation`` (or ``R``,
``rvec``; matrix or Rodrigues vector) and ``translation`` (or ``T``, ``tvec``), world to
camera.

The pair ``intrinsics.yml`` (``M1``, ``D1``, ``M2``, ``D2``) and ``extrinsics.yml``
(``R``, ``T``) of OpenCV's stereo sample is read, too: cameras 1 and 2, in the world of
the first.

OpenCV's unit is that of the board; here metres, unless told otherwise.
"""

import re
from pathlib import Path
from typing import Any, List

import numpy as np

from ..calibration import Calibration
from ..checks import checked_calibration
from ..documents import read_opencv, write_opencv
from ..fields import Fields
from ..record import CameraRecord, records_of
from ..units import Unit
from . import easymocap
from .format import Format

UNIT = 'm'
COEFFICIENTS = 12
STEREO_INTRINSICS, STEREO_EXTRINSICS = 'intrinsics.yml', 'extrinsics.yml'
_SUFFIXES = ('.yml', '.yaml', '.xml')
_MATRIX = ('camera_matrix', 'K')
_DISTORTION = ('distortion_coefficients', 'dist_coeffs', 'D')
_ROTATION = ('rotation', 'R', 'rvec')
_TRANSLATION = ('translation', 'T', 'tvec')
# A file name on any system.
_NAME = re.compile(r'\w[\w .-]*')


def read(path: Path, unit: Unit = UNIT) -> Calibration:
    """Read a folder.

    Raises:
        ValueError: naming the folder or file, the camera and the node.
    """
    files = _camera_files(path)
    names = {file.name for file in files}
    if {STEREO_INTRINSICS, STEREO_EXTRINSICS} <= names:
        records = _stereo_pair(path)
    else:
        records = [_record(file) for file in files]
    return checked_calibration(records, path, unit)


def _camera_files(path: Path) -> List[Path]:
    return sorted(file for file in path.iterdir() if file.suffix in _SUFFIXES)


def _record(file: Path) -> CameraRecord:
    fields = Fields(read_opencv(file), str(file))
    fields.refuse_fisheye('fisheye_model')
    fields.refuse_fisheye('fisheye')
    return CameraRecord(
        file.stem,
        fields.matrix(fields.first(*_MATRIX)),
        fields.rotation(*_ROTATION),
        fields.vector(fields.first(*_TRANSLATION), 3),
        fields.vector(fields.first(*_DISTORTION)),
        fields.size('image_width', 'image_height'),
    )


def _stereo_pair(path: Path) -> List[CameraRecord]:
    lenses = Fields(
        read_opencv(path / STEREO_INTRINSICS), str(path / STEREO_INTRINSICS)
    )
    pose = Fields(read_opencv(path / STEREO_EXTRINSICS), str(path / STEREO_EXTRINSICS))
    poses = [
        (np.eye(3), np.zeros(3)),
        (pose.rotation('R'), pose.vector('T', 3)),
    ]
    return [
        CameraRecord(
            name,
            lenses.matrix(f'M{name}'),
            rotation,
            translation,
            lenses.vector(f'D{name}'),
        )
        for name, (rotation, translation) in zip('12', poses)
    ]


def write(calibration: Calibration, path: Path) -> None:
    """Write a folder with a file for each camera, in m.

    Raises:
        ValueError: for a name that is no file's; if the folder has other cameras in it,
            which would be read with these.
    """
    records = records_of(calibration, UNIT)
    for record in records:
        if not _NAME.fullmatch(record.name):
            raise ValueError(
                f'name of camera {record.name!r}: expected that of a file, because the '
                'format has one for each camera'
            )
    files = {path / f'{record.name}.yml': record for record in records}
    others = set(_camera_files(path)) - set(files) if path.is_dir() else set()
    if others:
        raise ValueError(
            f'{path}: expected a folder without other cameras, got '
            f'{", ".join(sorted(file.name for file in others))}'
        )
    for file, record in files.items():
        nodes: dict = {}
        if record.image_size:
            nodes['image_width'], nodes['image_height'] = record.image_size
        nodes['camera_matrix'] = record.intrinsics
        nodes['distortion_coefficients'] = record.coefficients(COEFFICIENTS)[None]
        nodes['rotation'] = record.rotation
        nodes['translation'] = record.translation[:, None]
        write_opencv(file, nodes)


def fits(document: Any) -> bool:
    """Whether a folder holds files of this format and not EasyMocap's."""
    files = any(Path(name).suffix in _SUFFIXES for name in document)
    return files and not easymocap.fits(document)


FORMAT = Format(
    name='opencv',
    description='OpenCV, a folder with a file for each camera, or of a stereo pair',
    unit=UNIT,
    suffix='',
    recognised_by='other .yml, .yaml or .xml files in a folder',
    read=read,
    write=write,
    fits=fits,
)
