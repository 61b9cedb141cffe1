"""Recordings of skeletons that are trees, and motions of which the truth is known."""

import numpy as np
from scipy.spatial.transform import Rotation

from ppt_mmpose.datasets.synthetic.sequences.joints import BONES, JOINTS
from ppt_mmpose.motion_files import Recording
from ppt_mmpose.motion_files.instant import instant_of_3d


def recording(names, bones, rate=50.0):
    links = tuple((names.index(one), names.index(other)) for one, other in bones)
    return Recording((), tuple(names), links, rate)


H36M = recording(JOINTS, BONES)
# A person who stands as a T: X is left, Y up; metres.
T_POSE = dict(
    root=(0, 1, 0),
    right_hip=(-0.125, 1, 0), right_knee=(-0.125, 0.5, 0), right_foot=(-0.125, 0.1, 0),
    left_hip=(0.125, 1, 0), left_knee=(0.125, 0.5, 0), left_foot=(0.125, 0.1, 0),
    spine=(0, 1.25, 0), thorax=(0, 1.5, 0), neck_base=(0, 1.6, 0), head=(0, 1.8, 0),
    left_shoulder=(0.2, 1.5, 0), left_elbow=(0.5, 1.5, 0), left_wrist=(0.75, 1.5, 0),
    right_shoulder=(-0.2, 1.5, 0), right_elbow=(-0.5, 1.5, 0),
    right_wrist=(-0.75, 1.5, 0),
)  # fmt: skip
T_POINTS = np.array([T_POSE[name] for name in JOINTS])


def instants(points, first=0):
    """Of ``(T, J, 3)``, NaN where nothing was found."""
    found = np.isfinite(points).all(2)
    return [
        instant_of_3d(first + i, np.where(there[:, None], one, 0), there)
        for i, (one, there) in enumerate(zip(points, found))
    ]


def stacked(some):
    return np.stack([one.keypoints_3d for one in some])


def rigid_motion(frames=40, seed=0):
    """Of Human3.6M's joints, ``(T, 17, 3)``: any bones, any rotation of each joint."""
    rng = np.random.default_rng(seed)
    offsets = rng.normal(size=(17, 3)) * 0.25
    points = np.zeros((frames, 17, 3))
    turned = [Rotation.random(frames, random_state=rng) for _ in JOINTS]
    points[:, 0] = rng.normal(size=(frames, 3))
    for one, other in BONES:
        parent, child = JOINTS.index(one), JOINTS.index(other)
        points[:, child] = points[:, parent] + turned[parent].apply(offsets[child])
    return points
