"""The files of VideoPose3D, which many lifters took over.

``data_3d_*.npz`` has ``positions_3d``: by subject and action ``(T, J, 3)``, m, in the
world. ``data_2d_*.npz`` has ``positions_2d``: by subject and action, of each camera
``(T, J, 2)``, px, ground truth or detected. Both are pickled dictionaries.
"""

from pathlib import Path
from typing import Any, Dict, List, Mapping, Tuple

import numpy as np
from numpy.typing import NDArray

from .plain_npz import load_plain_npz

Take = Tuple[str, str]
Floats = NDArray[np.float32]


def read_poses(path: Path) -> Dict[Take, Floats]:
    """Of each subject and action the poses ``(T, J, 3)``, m, in the world.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: naming the file, and what is wrong with it.
    """
    return {
        take: _array(value, 3, f'{path}: {" / ".join(take)}')
        for take, value in _takes(path, 'positions_3d').items()
    }


def read_keypoints(path: Path) -> Dict[Take, List[Floats]]:
    """Of each subject and action, of each camera the keypoints, px.

    Returns:
        ``(T, J, 2)``, or ``(T, J, 3)`` with scores.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: naming the file, and what is wrong with it.
    """
    return {
        take: [
            _array(value, (2, 3), f'{path}: {" / ".join(take)}, camera {view}')
            for view, value in enumerate(values)
        ]
        for take, values in _takes(path, 'positions_2d').items()
    }


def cut_to(keypoints: Floats, length: int, where: str) -> Floats:
    """The first frames of detections, of which some videos have a few too many.

    Raises:
        ValueError: if there are fewer.
    """
    if len(keypoints) < length:
        raise ValueError(
            f'{where}: expected keypoints of {length} frames, as there are poses, got '
            f'{len(keypoints)}'
        )
    return keypoints[:length]


def _takes(path: Path, name: str) -> Dict[Take, Any]:
    subjects = load_plain_npz(path).get(name)
    if not isinstance(subjects, Mapping) or not all(
        isinstance(actions, Mapping) for actions in subjects.values()
    ):
        raise ValueError(
            f'{path}: expected {name}, a dictionary of subjects with dictionaries of '
            f'actions, got {type(subjects).__name__}'
        )
    return {
        (subject, action): value
        for subject, actions in subjects.items()
        for action, value in actions.items()
    }


def _array(value: Any, numbers: Any, where: str) -> Floats:
    allowed = numbers if isinstance(numbers, tuple) else (numbers,)
    # A plain array, not the class that the pickle's reader makes.
    array = np.array(value)
    if (
        array.ndim != 3
        or array.shape[-1] not in allowed
        or not np.issubdtype(array.dtype, np.number)
    ):
        raise ValueError(
            f'{where}: expected (frames, joints, {" or ".join(map(str, allowed))}) '
            f'numbers, got {array.dtype} of shape {array.shape}'
        )
    return array.astype(np.float32)
