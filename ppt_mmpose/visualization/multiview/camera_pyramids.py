"""Cameras as pyramids: the tip is where the camera is, the base is what it sees."""

import numpy as np

from ppt_mmpose.calibration import Calibration


def camera_pyramids(calibration: Calibration, depth: float) -> np.ndarray:
    """The edges of each camera's pyramid, without the bend of its lens.

    The base shows the corners of the image; where its size is not known, the principal
    point is taken for its middle.

    Args:
        calibration: V cameras.
        depth: from the tip to the base, m.

    Returns:
        ``(V, 8, 2, 3)``, m, world: four edges from the tip to the corners (upper left,
        upper right, lower right, lower left), then the four edges of the base.
    """
    cameras = calibration.cameras
    intrinsics, rotation, centres = (
        value.detach().cpu().numpy()
        for value in (cameras.intrinsics, cameras.rotation, cameras.centres)
    )
    edges = []
    for inner, turn, centre, size in zip(
        intrinsics, rotation, centres, calibration.image_sizes
    ):
        whole = 2 * inner[:2, 2] + 1 if size is None else np.array(size)
        right, bottom = whole - 0.5
        left = top = -0.5
        xs, ys = (left, right, right, left), (top, top, bottom, bottom)
        rays = np.linalg.solve(inner, np.stack([xs, ys, np.ones(4)]))
        corners = depth * rays.T @ turn + centre
        tips = np.broadcast_to(centre, corners.shape)
        from_tip = np.stack([tips, corners], axis=1)
        base = np.stack([corners, np.roll(corners, -1, axis=0)], axis=1)
        edges.append(np.concatenate([from_tip, base]))
    return np.stack(edges)
