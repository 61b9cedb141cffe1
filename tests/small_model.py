"""A TopdownTokenPose that is small enough to be run, trained and drawn in tests."""

import numpy as np
import torch
from mmengine.structures import InstanceData, PixelData
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample

SIZE = (64, 48)  # height and width of its images
GRID = (4, 4)
NAMES = ['head', 'left_hand', 'right_hand']
META = dict(
    dataset_name='tiny',
    keypoint_id2name=dict(enumerate(NAMES)),
    keypoint_colors=np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255]]),
    skeleton_links=[(0, 1), (0, 2)],
    skeleton_link_colors=np.array([[255, 255, 0], [0, 255, 255]]),
)


def small_config(**neck):
    codec = dict(type='UDPHeatmap', input_size=(48, 64), heatmap_size=(12, 16), sigma=2)
    neck = dict(prune_blocks=(1, 2), keep_ratio=0.5) | neck
    return dict(
        type='TopdownTokenPose',
        data_preprocessor=dict(
            type='PoseDataPreprocessor',
            mean=[123.675, 116.28, 103.53],
            std=[58.395, 57.12, 57.375],
            bgr_to_rgb=True,
        ),
        backbone=dict(type='ConvStem'),
        neck=dict(
            type='TokenPoseNeck',
            in_channels=256,
            feature_size=(16, 12),
            patch_size=(4, 3),
            num_keypoints=len(NAMES),
            dim=8,
            num_heads=2,
            stages=(4,),
            **neck,
        ),
        head=dict(
            type='TokenPoseHead',
            in_channels=8,
            out_channels=len(NAMES),
            heatmap_size=(12, 16),
            decoder=codec,
        ),
        test_cfg=dict(flip_test=True, flip_mode='heatmap', shift_heatmap=False),
    )


def small_model(**neck):
    return MODELS.build(small_config(**neck)).eval()


def sample():
    """What the pipelines give for a crop that is the whole image."""
    made = PoseDataSample(
        metainfo=dict(
            flip_indices=[0, 2, 1],
            input_center=np.array([24.0, 32.0]),
            input_scale=np.array([48.0, 64.0]),
            input_size=(48, 64),
            img_path='someone.jpg',
        )
    )
    made.gt_instances = InstanceData(bboxes=np.zeros((1, 4)), bbox_scores=np.ones(1))
    made.gt_instance_labels = InstanceData(keypoint_weights=torch.ones(1, 3))
    made.gt_fields = PixelData(heatmaps=torch.rand(3, 16, 12))
    return made


def image(seed=0):
    """``(3, height, width)``, uint8, BGR, as a dataset gives it."""
    rng = np.random.RandomState(seed)
    return torch.from_numpy(rng.randint(0, 256, (3, *SIZE), dtype=np.uint8))


def batch(count=2):
    return dict(
        inputs=[image(seed) for seed in range(count)],
        data_samples=[sample() for _ in range(count)],
    )
