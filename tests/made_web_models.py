"""Models for the demo that know the answers."""

from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from made_estimator import COCO_META, MadeEstimator
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from ring_recording import people, ring

from ppt_mmpose.apis.video import PersonMotion, VideoMotion
from ppt_mmpose.frames import VideoFile
from ppt_mmpose.motion_files import Recording
from ppt_mmpose.web import GivenModels

H36M_META = parse_pose_metainfo(dict(from_file='configs/_base_/datasets/h36m.py'))
# Of which of COCO's joints each of Human3.6M's is the mean, in its order.
_OF_COCO = [
    *((11, 12), (12,), (14,), (16,), (11,), (13,), (15,), (5, 6, 11, 12), (5, 6)),
    *((0, 5, 6), (0,), (5,), (7,), (9,), (6,), (8,), (10,)),
]


def motion(tracks=(0, 2), frames=12, size=(96, 80), rate=10.0):
    """People of Human3.6M's joints who sway, the second from the fourth frame on."""
    made = []
    for track in tracks:
        first = 3 if track else 0
        poses = people(frames - first, seed=track)
        down = np.stack([poses[..., 0], -poses[..., 2], poses[..., 1]], axis=-1)
        down = np.stack([down[:, list(of)].mean(1) for of in _OF_COCO], axis=1)
        down -= down[:, :1]
        count = len(poses)
        made.append(
            PersonMotion(
                track=track,
                frames=np.arange(first, frames),
                keypoints_2d=(poses[..., [0, 2]] + [1, 0.2]) * 30,
                scores=np.ones((count, 17)),
                boxes=np.tile([5.0, 5, 80, 70], (count, 1)),
                seen=np.ones(count, bool),
                lifted_2d=(down[..., :2] + [1, 1.2]) * 30,
                lifted_scores=np.ones((count, 17)),
                keypoints_3d=down,
                found=np.ones(count, bool),
            )
        )
    names = H36M_META['keypoint_id2name']
    recording = Recording(
        ('camera',),
        tuple(names[number] for number in range(17)),
        tuple(tuple(link) for link in H36M_META['skeleton_links']),
        rate,
    )
    return VideoMotion(made, frames, size, rate, recording, H36M_META, COCO_META)


class KnowingModels(GivenModels):
    """A 2D model of four cameras on a ring, and poses of any video."""

    @cached_property
    def calibration(self):
        return ring(4)

    @cached_property
    def estimator(self):
        made = MadeEstimator(self.calibration, people(2))
        made.model = torch.nn.Identity()
        return made

    @cached_property
    def videos(self):
        def found(path, *, progress, boxes=None):
            length = sum(1 for _ in VideoFile(Path(path)))
            if not length:
                raise ValueError(f'{path}: expected frames that can be decoded')
            progress('2D', length, length)
            progress('3D', length, length)
            return motion(frames=length)

        return found


def knowing():
    """Models of which no file is read."""
    made = KnowingModels()
    for name in ('pose2d', 'pose3d'):
        object.__setattr__(made, name, 'made-up')
    return made
