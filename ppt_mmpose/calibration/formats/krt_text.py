"""Plain numbers in a text file, eight lines a camera, as 3DOH50K has them.

The camera's id; K in three lines; two radial distortion coefficients; ``[R|t]``, world
to camera, in three lines; then an empty line. There is no image size, and the unit is
nowhere told: here metres, unless told otherwise.
"""

from pathlib import Path
from typing import Any, List

import numpy as np

from ..calibration import Calibration
from ..checks import checked_calibration
from ..documents import read_text, write_text
from ..record import CameraRecord, records_of
from ..units import Unit
from .format import Format

UNIT = 'm'
COEFFICIENTS = 2
# Numbers in the lines of a camera: its id, K, distortion, [R|t].
_COUNTS = (1, 3, 3, 3, COEFFICIENTS, 4, 4, 4)


def read(path: Path, unit: Unit = UNIT) -> Calibration:
    """Read a file.

    Raises:
        ValueError: naming the file and the line, or the camera and what is wrong.
    """
    lines = [
        (number, line.split())
        for number, line in enumerate(read_text(path).splitlines(), start=1)
        if line.strip()
    ]
    for index, (number, words) in enumerate(lines):
        expected = _COUNTS[index % len(_COUNTS)]
        if len(words) != expected:
            raise ValueError(
                f'{path}, line {number}: expected {expected} values, got {len(words)}'
            )
    if len(lines) % len(_COUNTS):
        raise ValueError(
            f'{path}: expected {len(_COUNTS)} lines for each camera, got {len(lines)} '
            'in all'
        )
    records = [
        _record(lines[start : start + len(_COUNTS)], path)
        for start in range(0, len(lines), len(_COUNTS))
    ]
    return checked_calibration(records, path, unit)


def _record(lines: list, path: Path) -> CameraRecord:
    (_, (name,)), *rows = lines
    numbers: List[List[float]] = []
    for number, words in rows:
        try:
            numbers.append([float(word) for word in words])
        except ValueError as error:
            raise ValueError(f'{path}, line {number}: {error}') from None
    pose = np.array(numbers[4:])
    return CameraRecord(
        name, np.array(numbers[:3]), pose[:, :3], pose[:, 3], np.array(numbers[3])
    )


def write(calibration: Calibration, path: Path) -> None:
    """Write a file, in m, without image sizes.

    Raises:
        ValueError: for a name with spaces, or more than two distortion coefficients.
    """
    blocks = []
    for record in records_of(calibration, UNIT):
        if len(record.name.split()) != 1:
            raise ValueError(
                f'name of camera {record.name!r}: expected one word, which is what the '
                'format holds'
            )
        pose = np.hstack([record.rotation, record.translation[:, None]])
        rows = [*record.intrinsics, record.coefficients(COEFFICIENTS), *pose]
        numbers = [' '.join(repr(float(value)) for value in row) for row in rows]
        blocks.append('\n'.join([record.name, *numbers]) + '\n')
    write_text(path, '\n'.join(blocks))


def fits(document: Any) -> bool:
    """Whether the first lines of a text have as many values as a camera's."""
    lines = [line.split() for line in document.splitlines() if line.strip()]
    return tuple(map(len, lines[: len(_COUNTS)])) == _COUNTS


FORMAT = Format(
    name='krt_text',
    description='3DOH50K and others: id, K, distortion and [R|t] as plain text',
    unit=UNIT,
    suffix='.txt',
    recognised_by='text with 1, 3, 3, 3, 2, 4, 4 and 4 values in its lines',
    read=read,
    write=write,
    fits=fits,
)
