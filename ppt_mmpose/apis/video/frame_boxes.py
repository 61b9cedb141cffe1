"""Boxes of the people, given for frames of a video."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Dict, Optional, Union

import numpy as np

from ..pose_2d.boxes_file import read_boxes

BoxesOfFrames = Union[str, Path, Mapping[Any, Any]]


class FrameBoxes:
    """Where the people are, by frame.

    Args:
        given: by the number of the frame, from 0, boxes ``(n, 4)``, px, ``(left, top,
            right, bottom)``; or a JSON file of the same. Frames may be left out.

    Raises:
        ValueError: for a file or boxes that are none.
    """

    def __init__(self, given: BoxesOfFrames) -> None:
        self._where = 'boxes'
        if isinstance(given, (str, Path)):
            self._where = str(given)
            given = read_boxes(Path(given))
        if not isinstance(given, Mapping) or not given:
            raise ValueError(
                f'{self._where}: expected boxes by the number of the frame, got '
                f'{given!r:.80}'
            )
        self._boxes: Dict[int, np.ndarray] = {}
        for frame, boxes in given.items():
            self._boxes[self._number(frame)] = self._checked(frame, boxes)

    def of(self, frame: int) -> Optional[np.ndarray]:
        """Those of a frame ``(n, 4)``; None where nothing is told about it."""
        return self._boxes.get(frame)

    def _number(self, frame: Any) -> int:
        try:
            number = int(frame)
        except (TypeError, ValueError):
            number = -1
        if number < 0 or str(number) != str(frame):
            raise ValueError(
                f'{self._where}: expected numbers of frames from 0, got {frame!r}'
            )
        return number

    def _checked(self, frame: Any, given: Any) -> np.ndarray:
        try:
            boxes = np.asarray(given, np.float32)
        except (TypeError, ValueError):
            boxes = np.zeros(1, np.float32)
        if boxes.size == 0:
            return np.zeros((0, 4), np.float32)
        if (
            boxes.ndim != 2
            or boxes.shape[1] != 4
            or not np.isfinite(boxes).all()
            or not (boxes[:, :2] < boxes[:, 2:]).all()
        ):
            raise ValueError(
                f'{self._where}, frame {frame}: expected a list of (left, top, right, '
                f'bottom) with left < right and top < bottom, px, got {given!r:.80}'
            )
        return boxes
