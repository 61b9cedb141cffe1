"""A sequence as the arrays of Human3.6M's annotation files in MMPose."""

from typing import Any, Dict, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..camera import Camera
from ..skeleton import Array
from .detector import Detector
from .hiding import hidden_joints
from .sequence import Sequence

_PADDING = 1.2  # of boxes, as in MMPose's files of Human3.6M
_UNIT = 200  # px: that of scales


class Rows(NamedTuple):
    """``n`` frames of one video, or of many one after the other.

    Attributes:
        imgname: ``(n,)``, as ``S1_Walking_1.C1_000001.jpg``: subject, action, take,
            camera and frame, counted from 1. No such pictures exist.
        S: ``(n, 17, 4)``, float32: metres in the camera's frame, and 1.
        part: ``(n, 17, 3)``, float32: px, and 1.
        center: ``(n, 2)``, float32: middle of the box of the joints, px.
        scale: ``(n,)``, float32: longer side of the box with a margin of 20 %, in
            units of 200 px.
        detections: ``(n, 17, 3)``, float32: px and score.
        hidden: ``(n, 17)``, whether the body hides the joint.
    """

    imgname: NDArray[np.str_]
    S: NDArray[np.float32]
    part: NDArray[np.float32]
    center: NDArray[np.float32]
    scale: NDArray[np.float32]
    detections: NDArray[np.float32]
    hidden: NDArray[np.bool_]


def video_rows(
    sequence: Sequence, camera: int, *, subject: str, detector: Detector
) -> Rows:
    """What one camera sees of a sequence.

    Args:
        sequence: which.
        camera: from 0.
        subject: name of the person, as ``S1``.
        detector: finds the joints in its images.
    """
    eye, joints = sequence.cameras[camera], sequence.joints
    pixels, _ = eye.project(joints)
    low, high = pixels.min(1), pixels.max(1)
    sides = (high - low).max(1)
    hidden = hidden_joints(eye, joints, sequence.character.build.stature)
    detections = detector.detect(
        sequence.detector_generator(camera), pixels, sides, hidden,
        fps=sequence.plan.fps,
    )  # fmt: skip
    name = f'{subject}_{sequence.action}_1.{camera_name(camera)}'
    frames = range(1, len(joints) + 1)
    return Rows(
        np.array([f'{name}_{frame:06d}.jpg' for frame in frames]),
        _with_ones(eye.view(joints)),
        _with_ones(pixels),
        ((low + high) / 2).astype(np.float32),
        (sides * _PADDING / _UNIT).astype(np.float32),
        detections.astype(np.float32),
        hidden,
    )


def joined(rows: 'list[Rows]') -> Rows:
    """Videos one after the other."""
    return Rows(*(np.concatenate(arrays) for arrays in zip(*rows)))


def camera_name(camera: int) -> str:
    """``C1`` and so on; camera from 0."""
    return f'C{camera + 1}'


def camera_param(camera: Camera) -> Dict[str, Any]:
    """A camera as MMPose's files of Human3.6M have it, in lists.

    R turns the camera's frame into the world's, and T is the place of the camera, in
    metres; f and c are px; k and p are the coefficients of the lens, which has none.
    """
    width, height = camera.size
    return dict(
        w=width,
        h=height,
        f=[[camera.focal], [camera.focal]],
        c=[[value] for value in camera.centre],
        R=camera.rotation.T.tolist(),
        T=[[value] for value in camera.eye.tolist()],
        k=[[0.0], [0.0], [0.0]],
        p=[[0.0], [0.0]],
    )


def _with_ones(points: Array) -> NDArray[np.float32]:
    ones = np.ones((*points.shape[:-1], 1))
    return np.concatenate((points, ones), -1).astype(np.float32)
