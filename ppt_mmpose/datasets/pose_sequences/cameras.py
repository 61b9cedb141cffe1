"""Cameras of sequences: a dictionary for each subject and camera, as MMPose has them.

In MMPose's pickle, keys are ``('S1', '54138969')``. In JSON, which needs no pickle,
they are ``'S1.54138969'``, and arrays are lists.
"""

from pathlib import Path
from typing import Any, Dict, Mapping, Tuple

import numpy as np

from ...calibration.documents import read_json, write_json
from ...calibration.plain_pickle import load_plain_pickle

Key = Tuple[str, str]
# As MMPose's code wants them: columns.
_COLUMNS = ('f', 'c', 'T', 'k', 'p')


def read_cameras(path: Path) -> Dict[Key, Dict[str, Any]]:
    """Read a file; of a pickle nothing is run.

    Returns:
        By subject and camera: ``w`` and ``h``, px, and what else is there, as ``f`` and
        ``c``, ``(2, 1)``, px, and ``R`` ``(3, 3)`` and ``T`` ``(3, 1)``, m, in MMPose's
        spelling: from the camera to the world, and where the camera stands.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: naming the file, and the camera or the field that is wrong.
    """
    if path.suffix == '.json':
        cameras = {_key(name, path): given for name, given in read_json(path).items()}
    else:
        cameras = load_plain_pickle(path)
    if not isinstance(cameras, Mapping) or not cameras:
        raise ValueError(
            f'{path}: expected cameras by subject and camera, got '
            f'{type(cameras).__name__} with nothing of that kind'
        )
    return {key: _camera(key, given, path) for key, given in cameras.items()}


def write_cameras(cameras: Mapping[Key, Mapping[str, Any]], path: Path) -> None:
    """Write a JSON."""
    plain = {
        '.'.join(key): {
            name: value.tolist() if isinstance(value, np.ndarray) else value
            for name, value in camera.items()
        }
        for key, camera in cameras.items()
    }
    write_json(path, plain)


def _key(name: str, path: Path) -> Key:
    subject, point, camera = name.partition('.')
    if not (subject and point and camera):
        raise ValueError(
            f"{path}: expected names of cameras such as 'S1.C1', got {name!r}"
        )
    return subject, camera


def _camera(key: Any, given: Any, path: Path) -> Dict[str, Any]:
    if not (isinstance(key, tuple) and len(key) == 2 and isinstance(given, Mapping)):
        raise ValueError(
            f'{path}: expected dictionaries under (subject, camera), got {key!r}'
        )
    camera: Dict[str, Any] = {}
    for name, value in given.items():
        if isinstance(value, (list, np.ndarray)):
            # Not the class of arrays that the pickle's reader makes.
            value = np.array(value, np.float64)
            if name in _COLUMNS:
                value = value.reshape(-1, 1)
        camera[name] = value
    for side in ('w', 'h'):
        value = camera.get(side)
        if not isinstance(value, (int, float, np.number)) or not value > 0:
            raise ValueError(
                f'{path}: camera {".".join(key)}: {side}: expected the size of the '
                f'image, px, got {value!r}'
            )
    return camera
