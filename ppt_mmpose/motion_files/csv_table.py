"""Motion as tables for spreadsheets and pandas: two files, one row an instant.

``NAME.csv`` has what is in the world, one row an instant:

================  =====================================================================
index, instant    of the instant; ``index`` from 0, ``instant`` is its name
time_s            s since index 0
KEYPOINT_x_m      with ``_y_m``, ``_z_m``; m, world; empty where not found
KEYPOINT_error_px mean reprojection error of the views that were used, px; empty where
                  not found
================  =====================================================================

``NAME_2d.csv`` has what is in the images, one row an instant and camera:

================  =====================================================================
index, instant    as above, with ``time_s``
camera            its name
left_px           with ``top_px``, ``right_px``, ``bottom_px``; the box, px
KEYPOINT_x_px     with ``_y_px``; px
KEYPOINT_score    confidence
KEYPOINT_error_px from keypoint to reprojected 3D keypoint, px; empty where that was
                  not found
KEYPOINT_used     1 where the 3D keypoint comes from this view, else 0
================  =====================================================================

After ``camera``, the row of a camera that saw nobody is empty. Lengths are written to
1 um and 0.001 px, scores to 0.0001. Links are not written, and the rate only as times.
"""

import csv
import io
from itertools import chain, groupby
from pathlib import Path
from typing import Any, Dict, Iterable, List, Sequence, Tuple, Union

import numpy as np

from .instant import Instant, Recording, check_fits
from .writer import MotionWriter, WholePieces

_INSTANT = ('index', 'instant', 'time_s')
_BOX = ('left_px', 'top_px', 'right_px', 'bottom_px')
_WORLD = ('_x_m', '_y_m', '_z_m', '_error_px')
_IMAGE = ('_x_px', '_y_px', '_score', '_error_px', '_used')
Row = Dict[str, str]


class CsvWriter(MotionWriter):
    """Writes the two files of `motion_files.csv_table`.

    Args:
        path: of the table of the world; the other one lies beside it.
        recording: what holds for all instants.
    """

    def _begin(self) -> None:
        names = self.recording.keypoint_names
        self._images = WholePieces(path_2d(self.path))
        self._world = WholePieces(self.path)
        header = [*_INSTANT, 'camera', *_BOX, *_columns(names, _IMAGE)]
        self._images.write(_line(header))
        self._world.write(_line([*_INSTANT, *_columns(names, _WORLD)]))

    def _append(self, instant: Instant) -> None:
        seconds = f'{instant.time(self.recording.rate):.9f}'
        start = [str(instant.index), instant.name, seconds]
        rows = [
            _line([*start, camera, *_image_cells(instant, view)])
            for view, camera in enumerate(self.recording.camera_names)
        ]
        # The reader goes by the table of the world: what is there has its images.
        self._images.write(''.join(rows))
        self._world.write(_line([*start, *_world_cells(instant)]))

    def _end(self) -> None:
        try:
            self._images.close()
        finally:
            self._world.close()


def path_2d(path: Union[str, Path]) -> Path:
    """Where the table of the images lies: ``walk_2d.csv`` beside ``walk.csv``."""
    path = Path(path)
    return path.with_name(f'{path.stem}_2d{path.suffix}')


def read_csv(path: Union[str, Path]) -> Tuple[Recording, List[Instant]]:
    """Read what `CsvWriter` wrote, as far as tables tell it.

    Without the second table there are no views. The rate is that of the last time, to
    six digits; with no time after 0 it is that of `Recording`.

    Raises:
        ValueError: for a table that is none, naming it.
    """
    path = Path(path)
    world, names = _table(path, _INSTANT, _WORLD)
    views: Dict[str, List[Row]] = {}
    cameras: List[str] = []
    if path_2d(path).exists():
        rows, names_2d = _table(path_2d(path), (*_INSTANT, 'camera', *_BOX), _IMAGE)
        if names_2d != names:
            raise ValueError(
                f'{path_2d(path)}: expected the keypoints of {path.name}, '
                f'{list(names)}, got {list(names_2d)}'
            )
        views = {k: list(some) for k, some in groupby(rows, lambda row: row['index'])}
        cameras = [row['camera'] for row in next(iter(views.values()), [])]
    try:
        recording = Recording(tuple(cameras), names, rate=_rate(world))
        found = [_instant(row, views.get(row['index'], []), names) for row in world]
        check_fits(recording, found)
    except ValueError as error:
        raise ValueError(f'{path}: {error}') from None
    return recording, found


def _rate(world: List[Row]) -> float:
    if not world or float(world[-1]['time_s']) == 0:
        return Recording((), ()).rate
    return float(f'{int(world[-1]["index"]) / float(world[-1]["time_s"]):.6g}')


def _columns(names: Iterable[str], endings: Sequence[str]) -> List[str]:
    return [name + ending for name in names for ending in endings]


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator='\n').writerow(cells)
    return text.getvalue()


def _world_cells(instant: Instant) -> Iterable[str]:
    used = instant.used & instant.seen[:, None]
    errors = np.where(used, instant.errors, 0).sum(0) / used.sum(0).clip(1)
    for point, found, error in zip(instant.keypoints_3d, instant.found, errors):
        yield from (f'{value:.6f}' if found else '' for value in point)
        yield f'{error:.3f}' if found else ''


def _image_cells(instant: Instant, view: int) -> Iterable[str]:
    joints = len(instant.found)
    if not instant.seen[view]:
        return [''] * (4 + len(_IMAGE) * joints)
    box = (f'{value:.3f}' for value in instant.boxes[view])
    cells = (
        (
            *(f'{value:.3f}' for value in instant.keypoints_2d[view, joint]),
            f'{instant.scores[view, joint]:.4f}',
            f'{instant.errors[view, joint]:.3f}' if instant.found[joint] else '',
            str(int(instant.used[view, joint])),
        )
        for joint in range(joints)
    )
    return chain(box, *cells)


def _table(
    path: Path, first: Sequence[str], endings: Sequence[str]
) -> Tuple[List[Row], Tuple[str, ...]]:
    """The rows of a table, and the keypoints that its columns are of."""
    with path.open(encoding='utf-8', newline='') as file:
        table = csv.DictReader(file)
        columns = list(table.fieldnames or ())
        names = tuple(
            column[: -len(endings[0])]
            for column in columns
            if column.endswith(endings[0])
        )
        expected = [*first, *_columns(names, endings)]
        if columns != expected:
            raise ValueError(
                f'{path}: expected the columns {", ".join(first)} and for each '
                f'keypoint {", ".join(endings)}, got {columns[:8]} ...'
            )
        rows = list(table)
    for number, row in enumerate(rows, start=1):
        if None in row or None in row.values():
            raise ValueError(
                f'{path}: expected {len(expected)} cells in row {number}, got others'
            )
    return rows, names


def _instant(row: Row, views: List[Row], names: Tuple[str, ...]) -> Instant:
    points = [[row[f'{name}{e}'] for e in _WORLD[:3]] for name in names]
    seen = np.array([view[_BOX[0]] != '' for view in views], bool)
    shape = (len(views), len(names))

    def values(*endings: str) -> np.ndarray:
        cells = [[[v[n + e] for e in endings] for n in names] for v in views]
        return _numbers(cells, (*shape, len(endings)))

    return Instant(
        index=int(row['index']),
        name=row['instant'],
        keypoints_3d=_numbers(points, (len(names), 3)),
        found=np.array([point[0] != '' for point in points], bool),
        keypoints_2d=values('_x_px', '_y_px'),
        scores=values('_score')[..., 0],
        errors=values('_error_px')[..., 0],
        used=values('_used')[..., 0].astype(bool),
        boxes=_numbers([[view[b] for b in _BOX] for view in views], (len(views), 4)),
        seen=seen,
    )


def _numbers(cells: Any, shape: Tuple[int, ...]) -> np.ndarray:
    """Numbers of text, zero where it is empty."""
    text = np.array(cells, dtype=str).reshape(shape)
    return np.where(text == '', '0', text).astype(np.float64)
