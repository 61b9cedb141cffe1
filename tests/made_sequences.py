"""Made-up sequences, for tests: numbers that tell the frame and the joint."""

import numpy as np

from ppt_mmpose.datasets.pose_sequences import (
    Sequence3D,
    write_arrays,
    write_cameras,
)

JOINTS = ('root', 'left_hand', 'right_hand')
METAINFO = dict(
    dataset_name='made',
    paper_info={},
    keypoint_info={
        0: dict(name='root', id=0, color=[0, 0, 0], type='lower', swap=''),
        1: dict(
            name='left_hand', id=1, color=[0, 0, 0], type='upper', swap='right_hand'
        ),
        2: dict(
            name='right_hand', id=2, color=[0, 0, 0], type='upper', swap='left_hand'
        ),
    },
    skeleton_info={},
    joint_weights=[1.0] * 3,
    sigmas=[],
)
CAMERAS = {
    ('S1', 'C1'): dict(
        w=640, h=480, f=np.array([[700.0], [700.0]]), c=np.array([[320.0], [240.0]])
    ),
    ('S2', 'C1'): dict(w=1000, h=1002),
}


def sequence(subject, action, length, first=0, camera='C1'):
    """Frame f has its root at (0, 0, 5) m and joint j at (j, f, 5 + j).

    In the image, joint j is at (100 + 10 j, f + first).
    """
    frame, joint = np.mgrid[:length, : len(JOINTS)].astype(np.float32)
    frame = frame + first
    poses = np.stack((joint, np.where(joint > 0, frame, 0), 5 + joint), -1)
    keypoints = np.stack((100 + 10 * joint, frame), -1)
    return Sequence3D(subject, action, camera, poses, keypoints)


def write_made(folder, *sequences, detected=None):
    """Files ``made.npz`` and ``cameras.json``; returns what a dataset needs."""
    write_arrays(folder / 'made.npz', sequences, JOINTS, detected)
    write_cameras(CAMERAS, folder / 'cameras.json')
    return dict(
        type='PoseSequenceDataset',
        data_root=str(folder),
        ann_file='made.npz',
        camera_param_file='cameras.json',
        metainfo=METAINFO,
    )
