"""Camera dictionaries of MMPose 1.x as JSON: camera name to `SimpleCamera` parameters.

The spelling is MMPose's (`formats.centred`): ``R`` is camera to world, ``T`` the
centre. MMPose itself pickles such dictionaries, in metres (`formats.h36m`); here they
are in JSON.
"""

from pathlib import Path
from typing import Any, Dict

from ..calibration import Calibration
from ..checks import checked_calibration
from ..documents import read_json, write_json
from ..record import records_of
from ..units import Unit
from .centred import simple_camera, simple_camera_values
from .format import Format

UNIT = 'm'


def read(path: Path, unit: Unit = UNIT) -> Calibration:
    """Read a file.

    Raises:
        ValueError: naming the file, the camera and the field.
    """
    records = [
        simple_camera(values, name, f'{path}, camera {name!r}')
        for name, values in read_json(path).items()
    ]
    return checked_calibration(records, path, unit)


def write(calibration: Calibration, path: Path) -> None:
    """Write a file, in m.

    Raises:
        ValueError: for skew, or more than eight distortion coefficients.
    """
    cameras: Dict[str, Any] = {}
    for record in records_of(calibration, UNIT):
        values: Dict[str, Any] = {
            name: array.tolist() for name, array in simple_camera_values(record).items()
        }
        if record.image_size:
            values['w'], values['h'] = record.image_size
        cameras[record.name] = values
    write_json(path, cameras)


def fits(document: Any) -> bool:
    """Whether a document holds a dictionary with R, T, and f and c or K."""
    return any(
        isinstance(values, dict) and {'R', 'T'} <= set(values) and _has_lens(values)
        for values in document.values()
    )


def _has_lens(values: Dict[str, Any]) -> bool:
    matrix = values.get('K')
    two_rows = isinstance(matrix, list) and len(matrix) == 2
    return two_rows or {'f', 'c'} <= set(values)


FORMAT = Format(
    name='mmpose',
    description="MMPose's SimpleCamera parameters by camera, as JSON",
    unit=UNIT,
    suffix='.json',
    recognised_by='JSON objects with R, T, and f and c or K of 2 x 3',
    read=read,
    write=write,
    fits=fits,
)
