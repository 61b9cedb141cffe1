"""Values of one camera in a file, by name, with messages that say where."""

from typing import Any, Collection, List, Mapping, Optional, Tuple

import numpy as np
from scipy.spatial.transform import Rotation


class Fields:
    """Named values of a camera, checked as they are taken.

    Args:
        values: as the file gives them.
        where: file and camera; messages begin with it.

    Raises:
        ValueError: if the values have no names. All methods: naming file, camera and
            field, for what is missing or has another form.
    """

    def __init__(self, values: Any, where: str) -> None:
        if not isinstance(values, Mapping):
            raise ValueError(f'{where}: expected named values, got {values!r}')
        self.values = values
        self.where = where

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def expect_only(self, known: Collection[str]) -> None:
        """Refuse values whose meaning is not known."""
        unknown = sorted(set(map(str, self.values)) - set(known))
        if unknown:
            raise ValueError(
                f'{self.where}: expected no more than {", ".join(sorted(known))}, '
                f'got {", ".join(unknown)}'
            )

    def first(self, *names: str) -> str:
        """The first of these names that is there."""
        for name in names:
            if name in self.values:
                return name
        raise ValueError(
            f'{self.where}: {" or ".join(names)} is missing; there is '
            f'{", ".join(map(str, self.values)) or "nothing"}'
        )

    def matrix(self, name: str, rows: int = 3, columns: int = 3) -> np.ndarray:
        """Numbers ``(rows, columns)``, float64."""
        array = self._numbers(name)
        if array.shape != (rows, columns):
            raise self._wrong(name, f'{rows} x {columns} numbers')
        return array

    def vector(self, name: str, length: Optional[int] = None) -> np.ndarray:
        """Numbers ``(length,)``, float64; also from a single row or column."""
        array = self._numbers(name)
        if array.ndim > 2 or sum(side != 1 for side in array.shape) > 1:
            raise self._wrong(name, 'a vector')
        if length is not None and array.size != length:
            raise self._wrong(name, f'{length} numbers')
        return array.reshape(-1)

    def number(self, name: str) -> float:
        """One number."""
        return float(self.vector(name, 1)[0])

    def rotation(self, *names: str) -> np.ndarray:
        """A rotation ``(3, 3)`` from a matrix or a Rodrigues vector."""
        name = self.first(*names)
        array = self._numbers(name)
        if array.shape == (3, 3):
            return array
        if array.size != 3:
            raise self._wrong(name, '3 x 3 numbers or a Rodrigues vector of 3')
        if not np.isfinite(array).all():
            raise self._wrong(name, 'finite numbers')
        return Rotation.from_rotvec(array.reshape(3)).as_matrix()

    def size(self, *names: str) -> Optional[Tuple[int, int]]:
        """``(width, height)``, px, from one field or from two; None if not there."""
        if not any(name in self.values for name in names):
            return None
        if len(names) == 1:
            pair: List[float] = self.vector(names[0], 2).tolist()
        else:
            pair = [self.number(self.first(name)) for name in names]
        if not all(side > 0 and float(side).is_integer() for side in pair):
            raise ValueError(
                f'{self.where}: {" and ".join(names)}: expected width and height '
                f'in px, got {pair}'
            )
        return int(pair[0]), int(pair[1])

    def refuse_fisheye(self, name: str) -> None:
        """Refuse a camera that calls itself one with a fisheye lens."""
        if self.values.get(name):
            raise ValueError(
                f'{self.where}: {name}: expected a lens with polynomial distortion, '
                f'got a fisheye ({name} = {self.values[name]!r}); undistort the images '
                'and give the calibration of the undistorted ones'
            )

    def _numbers(self, name: str) -> np.ndarray:
        try:
            return np.array(self.values[self.first(name)], dtype=np.float64)
        except (TypeError, ValueError) as error:
            if name not in self.values:
                raise
            raise self._wrong(name, 'numbers') from error

    def _wrong(self, name: str, expected: str) -> ValueError:
        value = self.values[name]
        got = value.tolist() if isinstance(value, np.ndarray) else value
        return ValueError(f'{self.where}: {name}: expected {expected}, got {got!r}')
