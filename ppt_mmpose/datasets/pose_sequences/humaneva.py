"""HumanEva-I from the files of VideoPose3D.

Poses are in the world (Z up); the cameras are not in the files, but keypoints are exact
projections, so that cameras are found by what they saw. What motion capture lost is
left out of the files: an action is in chunks, each a video of its own.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional, Sequence

import numpy as np

from .annotations import Sequence3D, write_arrays
from .camera_fit import FittedCamera, fit_camera, in_camera
from .cameras import Key, write_cameras
from .videopose3d import Floats, Take, cut_to, read_keypoints, read_poses

JOINTS = (
    *('root', 'thorax'),
    *('left_shoulder', 'left_elbow', 'left_wrist'),
    *('right_shoulder', 'right_elbow', 'right_wrist'),
    *('left_hip', 'left_knee', 'left_ankle'),
    *('right_hip', 'right_knee', 'right_ankle'),
    'head',
)
SIZE = (640, 480)
SPLITS = {'Train': 'train', 'Validate': 'validate'}


@dataclass(frozen=True)
class Made:
    """What was written.

    Attributes:
        frames: by file, the number of frames of all cameras.
        cameras: how well the cameras explain what they saw.
    """

    frames: Dict[Path, int]
    cameras: Dict[Key, FittedCamera]


def make_humaneva(
    out: Path,
    poses_file: Path,
    keypoints_file: Path,
    *,
    detections_file: Optional[Path] = None,
    subjects: Sequence[str] = ('S1', 'S2', 'S3'),
    allowed: float = 1.0,
) -> Made:
    """Write ``humaneva_train.npz``, ``humaneva_validate.npz`` and ``cameras.json``.

    Args:
        out: folder, made.
        poses_file: ``data_3d_humaneva15.npz``.
        keypoints_file: ``data_2d_humaneva15_gt.npz``: projections, not detections.
        detections_file: the same with detections, for ``humaneva_train_detected.npy``
            and the like.
        subjects: which there are to be.
        allowed: the largest mean distance of keypoints from where the camera that was
            found puts the poses, px.

    Raises:
        FileNotFoundError: if a file is not there.
        ValueError: naming the file, and what is wrong with it.
    """
    poses, keypoints = read_poses(poses_file), read_keypoints(keypoints_file)
    detections = None if detections_file is None else read_keypoints(detections_file)
    known = {take[0].partition('/')[2] for take in poses}
    if not set(subjects) <= known:
        raise ValueError(
            f'subjects: expected of {", ".join(sorted(known))}, got '
            f'{", ".join(sorted(set(subjects) - known))}'
        )
    takes = [take for take in poses if take[0].partition('/')[2] in subjects]
    for take in takes:
        _check(poses[take], take, poses_file)
        for given, file in ((keypoints, keypoints_file), (detections, detections_file)):
            if given is not None and take not in given:
                raise ValueError(f'{file}: expected {" / ".join(take)}, got none')
    cameras = _cameras(poses, keypoints, takes, keypoints_file, allowed)
    frames = {}
    for split, name in SPLITS.items():
        sequences = _sequences(
            [take for take in takes if take[0].startswith(f'{split}/')],
            poses,
            keypoints,
            detections,
            cameras,
        )
        path = out / f'humaneva_{name}.npz'
        detected = None
        if detections is not None:
            detected = out / f'humaneva_{name}_detected.npy'
        frames[path] = write_arrays(path, sequences, JOINTS, detected)
    write_cameras(
        {key: fitted.camera for key, fitted in cameras.items()}, out / 'cameras.json'
    )
    return Made(frames, cameras)


def _check(poses: Floats, take: Take, file: Path) -> None:
    if poses.shape[1] != len(JOINTS) or not np.isfinite(poses).all():
        raise ValueError(
            f'{file}: {" / ".join(take)}: expected numbers of {len(JOINTS)} joints, '
            f'got the shape {poses.shape}'
            + ('' if np.isfinite(poses).all() else ', and NaN')
        )


def _cameras(
    poses: Dict[Take, Floats],
    keypoints: Dict[Take, List[Floats]],
    takes: Sequence[Take],
    file: Path,
    allowed: float,
) -> Dict[Key, FittedCamera]:
    """Of each subject, from all that a camera saw of him."""
    cameras = {}
    for subject in dict.fromkeys(take[0].partition('/')[2] for take in takes):
        mine = [take for take in takes if take[0].endswith(f'/{subject}')]
        points = np.concatenate([poses[take] for take in mine])
        for view in range(len(keypoints[mine[0]])):
            name = f'C{view + 1}'
            seen = [
                cut_to(keypoints[take][view], len(poses[take]), f'{file}: {take}')
                for take in mine
            ]
            pixels = np.concatenate(seen)[..., :2]
            if pixels.shape[1] != len(JOINTS):
                raise ValueError(
                    f'{file}: {subject}, {name}: expected {len(JOINTS)} joints, got '
                    f'{pixels.shape[1]}'
                )
            cameras[subject, name] = fit_camera(
                points.reshape(-1, 3),
                pixels.reshape(-1, 2),
                SIZE,
                f'{file}: {subject}, {name}',
                allowed=allowed,
            )
    return cameras


def _sequences(
    takes: Sequence[Take],
    poses: Dict[Take, Floats],
    keypoints: Dict[Take, List[Floats]],
    detections: Optional[Dict[Take, List[Floats]]],
    cameras: Dict[Key, FittedCamera],
) -> List[Sequence3D]:
    sequences = []
    for take in takes:
        subject, action = take[0].partition('/')[2], take[1].replace(' ', '_')
        length = len(poses[take])
        for view, seen in enumerate(keypoints[take]):
            name = f'C{view + 1}'
            detected = None
            if detections is not None:
                where = f'detections: {" / ".join(take)}, {name}'
                detected = cut_to(detections[take][view], length, where)
            sequences.append(
                Sequence3D(
                    subject,
                    action,
                    name,
                    in_camera(poses[take], cameras[subject, name].camera),
                    seen[:length, :, :2],
                    detected,
                )
            )
    return sequences
