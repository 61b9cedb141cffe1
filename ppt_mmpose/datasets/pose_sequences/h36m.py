"""Human3.6M from the files of VideoPose3D, to where MMPose has its own.

As there: a take without detections is an error, unless it is left out; detections of a
few videos go on for some frames more than the poses, and are cut.
"""

from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

import numpy as np
from numpy.typing import NDArray

from .annotations import Sequence3D, write_arrays
from .camera_fit import Floats, in_camera
from .cameras import Key, read_cameras, write_cameras
from .videopose3d import Take, cut_to, read_keypoints, read_poses

JOINTS = (
    *('root', 'right_hip', 'right_knee', 'right_foot'),
    *('left_hip', 'left_knee', 'left_foot'),
    *('spine', 'thorax', 'neck_base', 'head'),
    *('left_shoulder', 'left_elbow', 'left_wrist'),
    *('right_shoulder', 'right_elbow', 'right_wrist'),
)
# Of the 32 joints of motion capture, those that move.
_MOVING = [0, 1, 2, 3, 6, 7, 8, 12, 13, 14, 15, 17, 18, 19, 25, 26, 27]
# In the order of VideoPose3D's files, with the heights of their images, px, which
# MMPose's cameras.pkl does not tell apart.
HEIGHTS = {'54138969': 1002, '55011271': 1000, '58860488': 1000, '60457274': 1002}
_NEEDED = ('R', 'T', 'f', 'c', 'k', 'p')
SPLITS = dict(train=('S1', 'S5', 'S6', 'S7', 'S8'), test=('S9', 'S11'))


def make_h36m(
    out: Path,
    poses_file: Path,
    cameras_file: Path,
    *,
    detections_file: Optional[Path] = None,
    detector: str = 'cpn_ft_h36m_dbb',
    skip: Sequence[str] = (),
) -> Dict[Path, int]:
    """Write the files that MMPose's configs read, and ``cameras.json``.

    Args:
        out: folder, made: ``annotation_body3d/`` and ``joint_2d_det_files/`` in it.
        poses_file: ``data_3d_h36m.npz``: 32 joints, or the 17 that move, in the world.
        cameras_file: MMPose's ``cameras.pkl``.
        detections_file: ``data_2d_h36m_cpn_ft_h36m_dbb.npz`` or the like.
        detector: its name, for the names of files.
        skip: takes to leave out, such as ``'S9_SittingDown_2'``.

    Returns:
        By annotation file, the number of frames of all cameras.

    Raises:
        FileNotFoundError: if a file is not there.
        ValueError: naming the file, and what is wrong with it.
    """
    poses, cameras = read_poses(poses_file), _cameras(cameras_file)
    detections = None if detections_file is None else read_keypoints(detections_file)
    unknown = set(skip) - {_name(take) for take in poses}
    if unknown:
        raise ValueError(
            f'skip: expected takes of {poses_file}, such as {_name(next(iter(poses)))}'
            f', got {", ".join(sorted(unknown))}'
        )
    frames = {}
    for split, subjects in SPLITS.items():
        sequences: List[Sequence3D] = []
        for take, given in poses.items():
            if take[0] in subjects and _name(take) not in skip:
                where = f'{poses_file}: {_name(take)}'
                moving = _moving(given, where)
                found = _found(detections, take, len(moving), detections_file)
                sequences.extend(_views(take, moving, found, cameras, cameras_file))
        detected = None
        if detections is not None:
            detected = out / 'joint_2d_det_files' / f'{detector}_{split}.npy'
        path = out / 'annotation_body3d' / 'fps50' / f'h36m_{split}.npz'
        frames[path] = write_arrays(path, sequences, JOINTS, detected)
    write_cameras(cameras, out / 'annotation_body3d' / 'cameras.json')
    return frames


def projected(points: NDArray, camera: Dict[str, Any]) -> Floats:
    """Points ``(..., 3)`` in the coordinates of the camera, in its image, px.

    By Human3.6M's own formula: its tangential distortion is not quite OpenCV's, from
    which labels in the images differ by up to 0.2 px.
    """
    k, p = camera['k'].ravel(), camera['p'].ravel()
    rays = points[..., :2] / points[..., 2:]
    squares = (rays**2).sum(-1, keepdims=True)
    radial = 1 + k[0] * squares + k[1] * squares**2 + k[2] * squares**3
    tangential = (rays * p[::-1]).sum(-1, keepdims=True)
    bent = rays * (radial + tangential) + squares * p[::-1]
    return bent * camera['f'].ravel() + camera['c'].ravel()


def _cameras(path: Path) -> Dict[Key, Dict[str, Any]]:
    subjects = [subject for subjects in SPLITS.values() for subject in subjects]
    cameras = {
        key: {**camera, 'h': HEIGHTS[key[1]]}
        for key, camera in read_cameras(path).items()
        if key[0] in subjects and key[1] in HEIGHTS
    }
    for key, camera in cameras.items():
        missing = [
            name for name in ('R', 'T', 'f', 'c', 'k', 'p') if name not in camera
        ]
        if missing:
            raise ValueError(
                f'{path}: camera {".".join(key)}: expected R, T, f, c, k and p, got no '
                f'{", ".join(missing)}'
            )
    return cameras


def _name(take: Take) -> str:
    return f'{take[0]}_{take[1].replace(" ", "_")}'


def _moving(poses: NDArray, where: str) -> NDArray:
    if poses.shape[1] == 32:
        poses = poses[:, _MOVING]
    if poses.shape[1] != len(JOINTS) or not np.isfinite(poses).all():
        raise ValueError(
            f'{where}: expected numbers of 32 joints, or of the {len(JOINTS)} that '
            f'move, got the shape {poses.shape}'
            + ('' if np.isfinite(poses).all() else ', and NaN')
        )
    return poses


def _found(
    detections: Optional[Dict[Take, List[NDArray]]],
    take: Take,
    length: int,
    file: Optional[Path],
) -> Sequence[Optional[NDArray]]:
    """Detections of each camera, as many as there are poses."""
    if detections is None:
        return [None] * len(HEIGHTS)
    views = detections.get(take, [])
    joints = {view.shape[1] for view in views}
    if len(views) != len(HEIGHTS) or joints != {len(JOINTS)}:
        raise ValueError(
            f'{file}: expected detections of {len(JOINTS)} joints from {len(HEIGHTS)} '
            f'cameras for {_name(take)}, got {len(views)} cameras and joints {joints}'
        )
    return [
        cut_to(view, length, f'{file}: {_name(take)}, {camera}')
        for view, camera in zip(views, HEIGHTS)
    ]


def _views(
    take: Take,
    poses: NDArray,
    found: Sequence[Optional[NDArray]],
    cameras: Dict[Key, Dict[str, Any]],
    file: Path,
) -> List[Sequence3D]:
    views = []
    for name, detected in zip(HEIGHTS, found):
        if (take[0], name) not in cameras:
            raise ValueError(f'{file}: expected the camera {take[0]}.{name}, got none')
        camera = cameras[take[0], name]
        seen = in_camera(poses, camera)
        action = take[1].replace(' ', '_')
        views.append(
            Sequence3D(take[0], action, name, seen, projected(seen, camera), detected)
        )
    return views
