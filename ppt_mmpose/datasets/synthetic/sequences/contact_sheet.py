"""Skeletons of drawn sequences over time, to look at."""

import json
from pathlib import Path
from typing import Any, Dict, List

import cv2
import numpy as np
from numpy.typing import NDArray

from ..contact_sheet import side_colour
from .joints import BONES, JOINTS

_CELL = (90, 130)  # width and height, px
_SECONDS = 0.2  # between pictures
_MARGIN = 1.35
_GREY = (150, 150, 150)


def sequence_sheet(
    annotations: str, *, columns: int = 16, rows: int = 8
) -> NDArray[np.uint8]:
    """The first sequences of a set, one below the other, as their first camera sees.

    Five pictures a second from left to right. The person's right is orange, their left
    green; grey dots are what the detector found.

    Args:
        annotations: a file as :func:`.files.make_sequences` writes it.
        columns: pictures of a sequence, at most.
        rows: sequences, at most.

    Returns:
        ``(height, width, 3)``, uint8, BGR.
    """
    path = Path(annotations)
    content = json.loads(path.with_suffix('.json').read_text())
    found = np.load(path.parents[1] / 'detections' / f'{path.stem}.npy')
    labels = np.load(path)
    arrays = {name: labels[name] for name in ('part', 'center', 'scale')}
    info = content['info']
    length, step = info['frames'], max(1, round(_SECONDS * info['fps']))
    shown = np.arange(0, length, step)[:columns]
    lines = []
    for index, sequence in enumerate(content['sequences'][:rows]):
        frames = index * info['cameras'] * length + shown
        line = _line(arrays, found, frames)
        cv2.putText(
            line, f'{sequence["subject"]} {sequence["action"]}', (4, 14),
            cv2.FONT_HERSHEY_SIMPLEX, 0.42, (0, 0, 0), 1, cv2.LINE_AA,
        )  # fmt: skip
        lines.append(line)
    return np.vstack(lines)


def _line(
    arrays: Dict[str, NDArray[Any]], found: NDArray[Any], frames: NDArray[Any]
) -> NDArray[np.uint8]:
    """One sequence; all of its pictures at one scale."""
    side = 200 / 1.2 * arrays['scale'][frames].max() * _MARGIN
    pictures: List[NDArray[np.uint8]] = []
    for frame in frames:
        picture = np.full((_CELL[1], _CELL[0], 3), 255, np.uint8)
        to_cell = _CELL[1] / side
        middle = np.array(_CELL) / 2
        truth, dots = (
            (points[:, :2] - arrays['center'][frame]) * to_cell + middle
            for points in (arrays['part'][frame], found[frame])
        )
        for first, last in BONES:
            ends = [
                tuple(int(v) for v in np.round(truth[JOINTS.index(name)]))
                for name in (first, last)
            ]
            # Of two ends, the last one has the side of the bone.
            colour = side_colour(last)
            cv2.line(picture, ends[0], ends[1], colour, 2, cv2.LINE_AA)
        for x, y in np.round(dots).astype(int).tolist():
            cv2.circle(picture, (x, y), 1, _GREY, -1, cv2.LINE_AA)
        pictures.append(picture)
    return np.hstack(pictures)
