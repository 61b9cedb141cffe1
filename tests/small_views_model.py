"""A MultiViewTokenPose that is small enough for tests, and views for it."""

import numpy as np
import torch
from camera_rigs import ring
from mmpose.registry import MODELS
from small_model import sample, small_config

SIZE = (64, 48)  # height and width of its crops


def small_views_model(*, type='MultiViewTokenPose', neck=None, **model):
    config = small_config(prune_blocks=(1,))
    config['type'] = type
    config['neck'].update(dict(type='MultiViewTokenPoseNeck') | (neck or {}))
    return MODELS.build({**config, **model}).eval()


def samples_of(*counts, views=4):
    """Samples of instants with this many views each, of V cameras on a ring."""
    cameras = ring(views)
    names = ('intrinsics', 'rotation', 'translation', 'distortion')
    samples = []
    for instant, count in enumerate(counts):
        for view in range(count):
            camera = {name: getattr(cameras, name)[view].numpy() for name in names}
            made = sample()
            made.set_metainfo(
                dict(
                    group_id=f'instant {instant}',
                    view_id=view,
                    camera=camera,
                    crop_affine=np.array([[0.05, 0, 1.0], [0, 0.08, 2.0]]),
                    input_size=SIZE[::-1],
                )
            )
            samples.append(made)
    return samples


def images_of(count):
    generator = torch.Generator().manual_seed(3)
    return torch.randn(count, 3, *SIZE, generator=generator)
