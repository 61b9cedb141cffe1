"""Cameras as plain arrays, which pass through pipelines, processes and files."""

from typing import Any, Dict, List, Mapping, Sequence, Union

import numpy as np
import torch

from ..geometry import Cameras
from .calibration import Calibration

_KEYS = ('intrinsics', 'rotation', 'translation', 'distortion')
PlainCamera = Mapping[str, Any]


def camera_dicts(calibration: Calibration) -> List[Dict[str, Any]]:
    """Of each camera its arrays.

    Returns:
        Of each camera ``intrinsics`` (3, 3), px; ``rotation`` (3, 3) and
        ``translation`` (3,), m, world to camera; ``distortion`` (12,); ``image_size``
        (width, height), or None where the calibration does not tell it.
    """
    cameras, sizes = calibration.cameras, calibration.image_sizes
    return [
        dict(
            {key: getattr(cameras, key)[view].numpy() for key in _KEYS},
            image_size=size,
        )
        for view, size in enumerate(sizes)
    ]


def stacked_cameras(given: Sequence[Union[PlainCamera, Sequence]]) -> Cameras:
    """Cameras ``(V)`` of V such arrays; of lists of lists, with leading dimensions."""

    def values(key: str, given: Any) -> Any:
        if isinstance(given, Mapping):
            return given[key]
        return [values(key, one) for one in given]

    arrays = (np.array(values(key, given), np.float64) for key in _KEYS)
    return Cameras(*map(torch.from_numpy, arrays))
