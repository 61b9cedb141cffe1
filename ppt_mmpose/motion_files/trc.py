"""Motion as TRC, the marker file of OpenSim.

Text in columns with tabs between them: three header lines, two lines of labels, a
blank one, and one row an instant: ``Frame#`` (its index + 1), ``Time`` (s since index
0), and X, Y, Z of each keypoint. A keypoint that was not found is ``NaN`` three times:
OpenSim reads that and empty cells, but not empty cells at the end of a row, and readers
that split at white space move the keypoints after an empty cell to the left.

OpenSim's world has Y up: see `other_programs` for ``up`` and the names of keypoints.
Only the 3D keypoints are written, to 1 um. No view, score or link is.
"""

from pathlib import Path
from typing import Dict, List, Optional, Tuple, Union

import numpy as np

from .instant import Instant, Recording, instant_of_3d
from .other_programs import DECIMALS, UNITS, file_to_world, words_of, world_to_file
from .writer import MotionWriter, WholePieces

_HEADER = (
    'DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\t'
    'OrigDataStartFrame\tOrigNumFrames'
)
# The count is known at the end; its place is kept with blanks.
_COUNT_WIDTH = 10
_HEADER_LINES = 5


class TrcWriter(MotionWriter):
    """Writes `motion_files.trc`.

    Where the process is killed, the header tells 0 frames; the rows are there.

    Args:
        path: where to write.
        recording: what holds for all instants.
        unit: ``'m'``, ``'cm'`` or ``'mm'``, of the file.
        up: what is up in the recording's world, as ``'+z'``; None writes it as it is.

    Raises:
        ValueError: for another unit or axis, or names of keypoints that are the same
            without their white space.
    """

    def __init__(
        self,
        path: Union[str, Path],
        recording: Recording,
        *,
        unit: str = 'm',
        up: Optional[str] = None,
    ) -> None:
        super().__init__(path, recording)
        self.unit = unit
        self._turn = world_to_file(up, unit)
        self._labels = words_of(recording, 'TRC')

    def _begin(self) -> None:
        self._count = 0
        self._file = WholePieces(self.path)
        first = f'PathFileType\t4\t(X/Y/Z)\t{self.path.name}\n{_HEADER}\n'
        columns = [
            axis + str(i + 1) for i in range(len(self._labels)) for axis in 'XYZ'
        ]
        labels = 'Frame#\tTime\t' + '\t\t\t'.join(self._labels) + '\t\t\n'
        self._values_at = len(first.encode())
        self._file.write(first + self._values())
        self._file.write(labels + '\t\t' + '\t'.join(columns) + '\n\n')

    def _values(self) -> str:
        rate, count = f'{self.recording.rate:.6f}', f'{self._count:<{_COUNT_WIDTH}}'
        markers = str(len(self._labels))
        values = (rate, rate, count, markers, self.unit, rate, '1', count)
        return '\t'.join(values) + '\n'

    def _append(self, instant: Instant) -> None:
        decimals = DECIMALS[self.unit]
        points = instant.keypoints_3d @ self._turn.T
        cells = [str(instant.index + 1), f'{instant.time(self.recording.rate):.9f}']
        for point, found in zip(points, instant.found):
            cells += [f'{v:.{decimals}f}' if found else 'NaN' for v in point]
        self._file.write('\t'.join(cells) + '\n')
        self._count += 1

    def _end(self) -> None:
        try:
            self._file.overwrite(self._values_at, self._values())
        finally:
            self._file.close()


def read_trc(
    path: Union[str, Path], *, up: Optional[str] = None
) -> Tuple[Recording, List[Instant]]:
    """Read the keypoints of a TRC file, ours or another program's.

    Instants have no views. A keypoint is found where its three cells are numbers. All
    rows are read, however many the header tells.

    Args:
        path: of the file.
        up: what was up in the world before it was turned, as `TrcWriter` had it; None
            reads the file as it is.

    Raises:
        ValueError: for a file that is none, naming it and the line.
    """
    lines = Path(path).read_text(encoding='utf-8', errors='replace').splitlines()
    if len(lines) < _HEADER_LINES or not lines[0].startswith('PathFileType'):
        raise ValueError(
            f'{path}: expected a TRC file that begins with PathFileType, got '
            f'{lines[:1]}'
        )
    header = dict(zip(lines[1].split(), lines[2].split()))
    rate, unit = _rate_and_unit(path, header)
    names = tuple(name for name in lines[3].split('\t')[2:] if name.strip())
    recording = Recording((), names, rate=rate)
    back = file_to_world(up, unit)
    instants = []
    for number, line in enumerate(lines[_HEADER_LINES:], start=_HEADER_LINES + 1):
        if line.strip():
            try:
                instants.append(_instant(line, len(names), back))
            except ValueError as error:
                raise ValueError(f'{path}: line {number}: {error}') from None
    return recording, instants


def _rate_and_unit(path: Union[str, Path], header: Dict[str, str]) -> Tuple[float, str]:
    unit = header.get('Units', '')
    if unit not in UNITS:
        raise ValueError(
            f'{path}: Units: expected one of {", ".join(UNITS)}, got {unit!r}'
        )
    try:
        return float(header['DataRate']), unit
    except (KeyError, ValueError):
        raise ValueError(
            f'{path}: DataRate: expected a number, got {header.get("DataRate")!r}'
        ) from None


def _instant(line: str, joints: int, back: np.ndarray) -> Instant:
    cells = line.rstrip('\r\n').split('\t')
    values = [float(cell.strip() or 'nan') for cell in cells[2:]]
    # Other programs end lines with a tab, or leave out empty cells at the end.
    if len(values) > 3 * joints and all(np.isnan(values[3 * joints :])):
        values = values[: 3 * joints]
    if len(values) > 3 * joints:
        raise ValueError(f'expected {3 * joints} coordinates, got {len(values)}')
    values += [np.nan] * (3 * joints - len(values))
    points = np.array(values).reshape(joints, 3)
    found = np.isfinite(points).all(1)
    index = int(cells[0]) - 1
    return instant_of_3d(index, np.where(found[:, None], points, 0) @ back.T, found)
