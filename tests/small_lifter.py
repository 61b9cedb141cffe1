"""A small lifter of sequences, and samples for it."""

import numpy as np
import torch
from mmengine.structures import InstanceData
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample

JOINTS, FRAMES, DIM = 4, 9, 8
FLIP = [0, 2, 1, 3]
CODEC = dict(
    type='VideoPoseLifting', num_keypoints=JOINTS, root_index=0, reshape_keypoints=False
)
HOT = dict(prune_blocks=(1,), kept_frames=(4,))
TPC = dict(HOT, recovery=None)


def lifter_config(hourglass=None, test_cfg=None, **kwargs):
    return dict(
        type='TokenPoseLifter',
        backbone=dict(
            type='MixSTE',
            feat_size=DIM,
            depth=2,
            num_heads=2,
            num_keypoints=JOINTS,
            seq_len=FRAMES,
            hourglass=hourglass,
        ),
        head=dict(
            type='PoseSequenceHead',
            in_channels=DIM,
            num_keypoints=JOINTS,
            decoder=CODEC,
        ),
        test_cfg=test_cfg or dict(),
        **kwargs,
    )


def small_lifter(*args, **kwargs):
    torch.manual_seed(0)
    model = MODELS.build(lifter_config(*args, **kwargs))
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return model.eval()


def sequences(batch=2, frames=FRAMES):
    generator = torch.Generator().manual_seed(1)
    return torch.rand(batch, frames, JOINTS, 2, generator=generator) * 2 - 1


def samples(batch=2, frames=FRAMES, root=True):
    made = []
    for index in range(batch):
        random = np.random.RandomState(index)
        sample = PoseDataSample(metainfo=dict(flip_indices=FLIP))
        if root:
            place = random.rand(frames, 3).astype(np.float32)
            sample.set_metainfo(dict(target_root=place))
        target = torch.from_numpy(random.rand(frames, JOINTS, 3)).float()
        sample.gt_instance_labels = InstanceData(
            lifting_target_label=target,
            lifting_target_weight=torch.ones(frames, JOINTS),
        )
        made.append(sample)
    return made
