"""Cameras given by their centre, ``x_cam = R (x_world - T)``, in a dictionary each.

Two spellings of the same camera are in use:

* MMPose's, of `mmpose.utils.SimpleCamera`: ``R`` is **camera to world**, ``T`` (3, 1)
  the centre; ``f`` and ``c`` (2, 1) or ``K`` (2, 3); ``k`` (3 or 6) and ``p`` (2), both
  or none; often ``w`` and ``h``.
* That of the released PPT and TransFusion (Human3.6M) and of VoxelPose (Campus, Shelf):
  ``R`` is **world to camera**, ``T`` (3, 1) the centre; ``fx``, ``fy``, ``cx``, ``cy``;
  ``k`` (3) and ``p`` (2).

``k`` is k1 k2 k3 (k4 k5 k6) and ``p`` is p1 p2 of OpenCV.
"""

from typing import Any, Dict

import numpy as np

from ..fields import Fields
from ..record import CameraRecord


def simple_camera(values: Any, name: str, where: str) -> CameraRecord:
    """A camera in MMPose's spelling.

    Args:
        values: the dictionary.
        name: of the camera.
        where: file and camera, for messages.

    Raises:
        ValueError: naming the field that is missing or wrong.
    """
    fields = Fields(values, where)
    if 'K' in fields:
        intrinsics = np.vstack([fields.matrix('K', 2, 3), [0, 0, 1]])
    else:
        intrinsics = _intrinsics(fields.vector('f', 2), fields.vector('c', 2))
    to_camera = fields.matrix('R').T
    return CameraRecord(
        name,
        intrinsics,
        to_camera,
        -to_camera @ fields.vector('T', 3),
        _distortion(fields),
        fields.size('w', 'h'),
    )


def annotated_camera(values: Any, name: str, where: str) -> CameraRecord:
    """A camera in the spelling of the released PPT and of VoxelPose.

    Args:
        values: the dictionary; of Human3.6M, the ``camera`` of an annotation.
        name: of the camera.
        where: file and camera, for messages.

    Returns:
        The camera, in the unit of ``T``, which is mm in all these files.

    Raises:
        ValueError: naming the field that is missing or wrong.
    """
    fields = Fields(values, where)
    focal, principal = (
        np.array([fields.number(x), fields.number(y)])
        for x, y in (('fx', 'fy'), ('cx', 'cy'))
    )
    rotation = fields.matrix('R')
    return CameraRecord(
        name,
        _intrinsics(focal, principal),
        rotation,
        -rotation @ fields.vector('T', 3),
        _distortion(fields),
    )


def simple_camera_values(record: CameraRecord) -> Dict[str, np.ndarray]:
    """A camera in MMPose's spelling, without its size.

    Raises:
        ValueError: for skew, or more than eight distortion coefficients.
    """
    fx, fy, cx, cy = record.without_skew()
    return dict(
        R=record.rotation.T.copy(),
        T=record.centre[:, None],
        f=np.array([[fx], [fy]]),
        c=np.array([[cx], [cy]]),
        **_radial_and_tangential(record, 8 if record.distortion[5:].any() else 5),
    )


def annotated_camera_values(record: CameraRecord) -> Dict[str, Any]:
    """A camera in the spelling of VoxelPose.

    Raises:
        ValueError: for skew, or more than five distortion coefficients.
    """
    fx, fy, cx, cy = record.without_skew()
    return dict(
        R=record.rotation,
        T=record.centre[:, None],
        fx=fx,
        fy=fy,
        cx=cx,
        cy=cy,
        **_radial_and_tangential(record, 5),
    )


def _intrinsics(focal: np.ndarray, principal: np.ndarray) -> np.ndarray:
    matrix = np.diag([*focal, 1.0])
    matrix[:2, 2] = principal
    return matrix


def _distortion(fields: Fields) -> np.ndarray:
    """OpenCV's order from radial and tangential coefficients."""
    if 'k' not in fields and 'p' not in fields:
        return np.zeros(0)
    radial, tangential = fields.vector('k'), fields.vector('p', 2)
    if len(radial) not in (3, 6):
        raise ValueError(
            f'{fields.where}: k: expected 3 or 6 numbers, got {radial.tolist()}'
        )
    return np.concatenate([radial[:2], tangential, radial[2:]])


def _radial_and_tangential(record: CameraRecord, count: int) -> Dict[str, np.ndarray]:
    coefficients = record.coefficients(count)
    radial = np.concatenate([coefficients[:2], coefficients[4:]])
    return dict(k=radial[:, None], p=coefficients[2:4, None])
