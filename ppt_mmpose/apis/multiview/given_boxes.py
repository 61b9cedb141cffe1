"""Boxes of the person, given for each view."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Dict, List, Optional, Union

import numpy as np

from ...calibration import Calibration
from ..pose_2d.boxes_file import read_boxes

BoxesOfViews = Union[str, Path, Mapping[str, Any]]


class ViewBoxes:
    """Where the person is, by camera and instant.

    Args:
        given: by the name of the camera one box ``(left, top, right, bottom)``, px, for
            all instants; or boxes by the name of the instant; or boxes ``(T, 4)`` in
            the order of instants. A JSON file of the same. A camera or an instant that
            is not in it, or whose box is None, has no person.
        calibration: its cameras.

    Raises:
        ValueError: for a camera that the recording lacks, or a box that is none.
    """

    def __init__(self, given: BoxesOfViews, calibration: Calibration) -> None:
        self._where = 'boxes'
        self._names = calibration.names
        if isinstance(given, (str, Path)):
            self._where = str(given)
            given = read_boxes(Path(given))
        if not isinstance(given, Mapping):
            raise ValueError(
                f'{self._where}: expected boxes by the names of cameras, got '
                f'{type(given).__name__}'
            )
        self._single: Dict[str, np.ndarray] = {}
        self._named: Dict[str, Dict[str, Optional[np.ndarray]]] = {}
        self._listed: Dict[str, List[Optional[np.ndarray]]] = {}
        for name, boxes in given.items():
            if name not in calibration.names:
                raise ValueError(
                    f'{self._where}, camera {name!r}: expected one of '
                    f'{", ".join(calibration.names)}'
                )
            self._take(name, boxes)

    def _take(self, name: str, boxes: Any) -> None:
        if isinstance(boxes, Mapping):
            self._named[name] = {
                str(instant): self._checked(box, f'{name!r}, instant {instant}')
                for instant, box in boxes.items()
            }
        elif isinstance(boxes, (list, tuple, np.ndarray)) and not _is_single(boxes):
            self._listed[name] = [
                self._checked(box, f'{name!r}, instant number {number}')
                for number, box in enumerate(boxes)
            ]
        else:
            box = self._checked(boxes, repr(name))
            if box is not None:
                self._single[name] = box

    def _checked(self, given: Any, where: str) -> Optional[np.ndarray]:
        if given is None:
            return None
        try:
            box = np.asarray(given, np.float32)
        except (TypeError, ValueError):
            box = np.zeros(0, np.float32)
        fits = box.shape == (4,) and np.isfinite(box).all()
        if not fits or not (box[:2] < box[2:]).all():
            raise ValueError(
                f'{self._where}, camera {where}: expected (left, top, right, bottom) '
                f'with left < right and top < bottom, px, got {given!r}'
            )
        return box

    def of(self, number: int, instant: str) -> List[Optional[np.ndarray]]:
        """The boxes ``(4,)`` of all views at an instant; None where there is none.

        Args:
            number: of the instant, from 0.
            instant: its name.

        Raises:
            ValueError: if boxes were listed and there are fewer than instants.
        """
        return [self._box(camera, number, instant) for camera in self._names]

    def _box(self, camera: str, number: int, instant: str) -> Optional[np.ndarray]:
        if camera in self._single:
            return self._single[camera]
        if camera not in self._listed:
            return self._named.get(camera, {}).get(instant)
        boxes = self._listed[camera]
        if number >= len(boxes):
            raise ValueError(
                f'{self._where}, camera {camera!r}: expected a box for each instant, '
                f'got {len(boxes)}, and none for {instant}'
            )
        return boxes[number]


def _is_single(boxes: Any) -> bool:
    """Whether it is one box rather than a list of them, if it is any."""
    return len(boxes) > 0 and all(np.isscalar(number) for number in boxes)
