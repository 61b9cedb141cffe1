"""Models for the demo that know the answers."""

from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from made_estimator import COCO_META, MadeEstimator
from ring_recording import COCO, people, ring

from ppt_mmpose.apis.video import PersonMotion, VideoMotion
from ppt_mmpose.frames import VideoFile
from ppt_mmpose.motion_files import Recording
from ppt_mmpose.web import GivenModels


def motion(tracks=(0, 2), frames=12, size=(96, 80), rate=10.0):
    """People of COCO's joints who sway, the second from the fourth frame on."""
    made = []
    for track in tracks:
        first = 3 if track else 0
        poses = people(frames - first, seed=track)
        down = np.stack([poses[..., 0], -poses[..., 2], poses[..., 1]], axis=-1)
        down -= down[:, 11:13].mean(1, keepdims=True)
        flat = (down[..., :2] + [1, 1.2]) * 30
        count = len(poses)
        made.append(
            PersonMotion(
                track=track,
                frames=np.arange(first, frames),
                keypoints_2d=flat,
                scores=np.ones((count, 17)),
                boxes=np.tile([5.0, 5, 80, 70], (count, 1)),
                seen=np.ones(count, bool),
                lifted_2d=flat,
                lifted_scores=np.ones((count, 17)),
                keypoints_3d=down,
                found=np.ones(count, bool),
            )
        )
    links = tuple(tuple(link) for link in COCO_META['skeleton_links'])
    recording = Recording(('camera',), tuple(COCO), links, rate)
    return VideoMotion(made, frames, size, rate, recording, COCO_META, COCO_META)


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
