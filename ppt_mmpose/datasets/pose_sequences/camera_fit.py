"""A camera from what it saw: points in the world, and where they are in its images."""

from typing import Any, Dict, NamedTuple, Tuple

import cv2
import numpy as np
from numpy.typing import NDArray

# A camera has 14 unknowns; so many points on a moving person fix them well.
_FEWEST_POINTS = 300
# More do not make it better, only slower.
_MOST_POINTS = 3000
_CRITERIA = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 500, 1e-12)

Floats = NDArray[np.float64]


class FittedCamera(NamedTuple):
    """A camera, and how well it explains what it saw.

    Attributes:
        camera: in MMPose's spelling: ``w``, ``h``, ``f``, ``c`` (2, 1), ``k`` (3, 1)
            and ``p`` (2, 1), px and as OpenCV has them; ``R`` (3, 3) from the camera to
            the world, ``T`` (3, 1), m, where it stands.
        mean: of the distances of points from where the camera puts them, px.
        largest: of these distances, px.
    """

    camera: Dict[str, Any]
    mean: float
    largest: float


def fit_camera(
    points: NDArray,
    pixels: NDArray,
    size: Tuple[int, int],
    where: str,
    *,
    allowed: float = 1.0,
) -> FittedCamera:
    """Fit lens and position to pairs of points.

    With the lens left out (two coefficients of radial and two of tangential distortion)
    the exact projections of HumanEva's cameras are up to 20 px off.

    Args:
        points: ``(N, 3)``, m, in the world.
        pixels: ``(N, 2)``, px.
        size: of the images, width and height.
        where: the camera, for messages.
        allowed: the largest mean distance, px.

    Raises:
        ValueError: if there are too few points, or no camera explains them.
    """
    if len(points) < _FEWEST_POINTS:
        raise ValueError(
            f'{where}: expected {_FEWEST_POINTS} points or more to find the camera by, '
            f'got {len(points)}'
        )
    every = -(-len(points) // _MOST_POINTS)
    width, height = size
    guess = np.array([[width, 0, width / 2], [0, width, height / 2], [0, 0, 1.0]])
    _, matrix, lens, turns, shifts = cv2.calibrateCamera(
        [np.ascontiguousarray(points[::every], np.float32)],
        [np.ascontiguousarray(pixels[::every], np.float32)],
        size,
        guess,
        np.zeros(5),
        flags=cv2.CALIB_USE_INTRINSIC_GUESS | cv2.CALIB_FIX_K3,
        criteria=_CRITERIA,
    )
    world = np.ascontiguousarray(points, np.float64)
    seen = cv2.projectPoints(world, turns[0], shifts[0], matrix, lens)[0][:, 0]
    distances = np.linalg.norm(seen - pixels, axis=-1)
    rotation = cv2.Rodrigues(turns[0])[0]
    in_front = (world @ rotation.T + shifts[0].T)[:, 2] > 0
    if not distances.mean() <= allowed or not in_front.all():
        raise ValueError(
            f'{where}: expected a camera that puts poses where the keypoints are, to '
            f'{allowed} px in the mean, got {distances.mean():.2f} px and '
            f'{in_front.mean():.0%} of the points before the camera'
        )
    k1, k2, p1, p2 = lens.ravel()[:4]
    camera = dict(
        w=width,
        h=height,
        f=matrix[[0, 1], [0, 1]][:, None],
        c=matrix[:2, 2:],
        k=np.array([[k1], [k2], [0.0]]),
        p=np.array([[p1], [p2]]),
        R=rotation.T,
        T=-rotation.T @ shifts[0],
    )
    return FittedCamera(camera, float(distances.mean()), float(distances.max()))


def in_camera(points: NDArray, camera: Dict[str, Any]) -> Floats:
    """Points ``(..., 3)`` of the world, m, in the coordinates of the camera."""
    # Rows: x^T R is (R^T x)^T.
    return (points - camera['T'].ravel()) @ camera['R']
