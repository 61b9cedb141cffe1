"""Motion as JSON, with everything that an instant tells.

One object with ``meta`` (``camera_names``, ``keypoint_names``, ``links``, ``rate``) and
``instants``, a list with one line for each:

==============  =======================================================================
index, name     of the instant; ``index`` from 0
time            s since index 0
keypoints_3d    J triples, m, world; null where not found
found           J booleans
cameras         by name; null where nothing was seen. In each, in MMPose's words:
                ``keypoints`` (J pairs, px), ``keypoint_scores`` (J), ``bbox`` (left,
                top, right, bottom, px), and ``errors`` (J, px, from keypoint to
                reprojected 3D keypoint; null where that was not found) and ``used``
                (J booleans)
==============  =======================================================================

Lengths are written to 1 um and 0.001 px, scores to 0.0001.
"""

import json
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple, Union

import numpy as np

from .instant import Instant, Recording
from .writer import MotionWriter, WholePieces


class JsonWriter(MotionWriter):
    """Writes `motion_files.json_list`.

    Where the process is killed, the file ends after a whole line and lacks ``]}``.
    """

    def _begin(self) -> None:
        known = self.recording
        meta = dict(
            camera_names=known.camera_names,
            keypoint_names=known.keypoint_names,
            links=known.links,
            rate=known.rate,
        )
        self._file = WholePieces(self.path)
        self._file.write(f'{{"meta": {_line(meta)},\n"instants": [')
        self._before_first = self._file.length

    def _append(self, instant: Instant) -> None:
        first = self._file.length == self._before_first
        entry = _line(_entry(instant, self.recording))
        self._file.write(('\n' if first else ',\n') + entry)

    def _end(self) -> None:
        try:
            self._file.write('\n]}\n')
        finally:
            self._file.close()


def read_json(path: Union[str, Path]) -> Tuple[Recording, List[Instant]]:
    """Read what `JsonWriter` wrote.

    Raises:
        ValueError: for a file that is none, naming it.
    """
    try:
        content = json.loads(Path(path).read_text(encoding='utf-8'))
        meta = content['meta']
        recording = Recording(
            tuple(meta['camera_names']),
            tuple(meta['keypoint_names']),
            tuple((first, last) for first, last in meta['links']),
            meta['rate'],
        )
        return recording, [_instant(e, recording) for e in content['instants']]
    except KeyError as error:
        raise ValueError(
            f'{path}: expected a motion file in JSON, got none with the key {error}'
        ) from None
    except (TypeError, ValueError) as error:
        raise ValueError(
            f'{path}: expected a motion file in JSON, got {error}'
        ) from None


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _entry(instant: Instant, recording: Recording) -> Dict[str, Any]:
    points = _rounded(instant.keypoints_3d, 6)
    return dict(
        index=int(instant.index),
        name=instant.name,
        time=round(instant.time(recording.rate), 9),
        keypoints_3d=_where(instant.found, points),
        found=instant.found.tolist(),
        cameras={
            name: _view(instant, view) if instant.seen[view] else None
            for view, name in enumerate(recording.camera_names)
        },
    )


def _view(instant: Instant, view: int) -> Dict[str, Any]:
    return dict(
        keypoints=_rounded(instant.keypoints_2d[view], 3),
        keypoint_scores=_rounded(instant.scores[view], 4),
        bbox=_rounded(instant.boxes[view], 3),
        errors=_where(instant.found, _rounded(instant.errors[view], 3)),
        used=instant.used[view].tolist(),
    )


def _rounded(values: np.ndarray, decimals: int) -> List[Any]:
    # In float64: rounded float32 have many digits again.
    return np.asarray(values, np.float64).round(decimals).tolist()


def _where(found: np.ndarray, values: List[Any]) -> List[Any]:
    return [value if there else None for there, value in zip(found, values)]


def _instant(entry: Dict[str, Any], recording: Recording) -> Instant:
    views = [entry['cameras'][name] for name in recording.camera_names]
    joints = len(recording.keypoint_names)
    return Instant(
        index=entry['index'],
        name=entry['name'],
        keypoints_3d=_filled(entry['keypoints_3d'], (joints, 3)),
        found=np.array(entry['found'], bool),
        keypoints_2d=_stacked(views, 'keypoints', (joints, 2)),
        scores=_stacked(views, 'keypoint_scores', (joints,)),
        errors=_stacked(views, 'errors', (joints,)),
        used=_stacked(views, 'used', (joints,)).astype(bool),
        boxes=_stacked(views, 'bbox', (4,)),
        seen=np.array([view is not None for view in views], bool),
    )


def _stacked(
    views: List[Optional[Dict[str, Any]]], key: str, shape: Tuple[int, ...]
) -> np.ndarray:
    arrays = [
        np.zeros(shape) if view is None else _filled(view[key], shape) for view in views
    ]
    return np.array(arrays).reshape(len(views), *shape)


def _filled(values: List[Any], shape: Tuple[int, ...]) -> np.ndarray:
    """An array with zeros for each None."""
    zero = np.zeros(shape[1:])
    return np.array([zero if value is None else value for value in values], float)
