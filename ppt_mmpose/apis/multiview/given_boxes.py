"""Boxes of the person, given for each view."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Dict, List, Optional, Union

import numpy as np

from ...calibration import Calibration

BoxesOfViews = Union[str, Path, Mapping[str, Any]]


class ViewBoxes:
    """Where the person is, by camera and instant.

    Args:
        given: by the name of the camera one box ``(left, top, right, bottom)``, px, for
            all instants; or boxes by the name of the instant; or boxes ``(T, 4)`` in
            the order of instants. A JSON file of the same. A camera or an instant that
            is not in it has no person.
        calibration: its cameras.

    Raises:
        ValueError: for a camera that the calibration lacks, or a box that is none.
    """

    def __init__(self, given: BoxesOfViews, calibration: Calibration) -> None:
        self._where = 'boxes'
        self._names = calibration.names
        if isinstance(given, (str, Path)):
            self._where = str(given)
            given = _read(Path(given))
        self._single: Dict[str, np.ndarray] = {}
        self._named: Dict[str, Dict[str, np.ndarray]] = {}
        self._listed: Dict[str, np.ndarray] = {}
        for name, boxes in given.items():
            if name not in calibration.names:
                raise ValueError(
                    f'{self._where}, camera {name!r}: the calibration has '
                    f'{", ".join(calibration.names)}'
                )
            self._take(name, boxes)

    def _take(self, name: str, boxes: Any) -> None:
        if isinstance(boxes, Mapping):
            self._named[name] = {
                str(instant): self._checked(box, f'{name!r}, instant {instant}')
                for instant, box in boxes.items()
            }
        elif np.ndim(boxes) == 1 and np.size(boxes) == 4:
            self._single[name] = self._checked(boxes, repr(name))
        else:
            self._listed[name] = np.stack(
                [
                    self._checked(box, f'{name!r}, instant number {number}')
                    for number, box in enumerate(boxes)
                ]
            )

    def _checked(self, box: Any, where: str) -> np.ndarray:
        try:
            checked = np.asarray(box, np.float32)
        except (TypeError, ValueError):
            checked = np.zeros(0, np.float32)
        if checked.shape != (4,) or not (checked[:2] < checked[2:]).all():
            raise ValueError(
                f'{self._where}, camera {where}: expected (left, top, right, bottom) '
                f'with left < right and top < bottom, px, got {box!r}'
            )
        return checked

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


def _read(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        raise ValueError(f'{path}: expected a JSON file of boxes, got no such file')
    try:
        given = json.loads(path.read_text())
    except ValueError as error:
        raise ValueError(
            f'{path}: expected a JSON file of boxes, got {error}'
        ) from None
    if not isinstance(given, dict):
        raise ValueError(
            f'{path}: expected boxes by the names of cameras, got '
            f'{type(given).__name__}'
        )
    return given
