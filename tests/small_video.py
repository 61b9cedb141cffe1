"""Small models for videos: a lifter of nine frames with arbitrary weights."""

from pathlib import Path

import torch
from mmengine.config import Config
from mmpose.registry import MODELS

from ppt_mmpose.apis.video import VideoPoseInferencer

ROOT = Path(__file__).parents[1]
LIFTER = """
_base_ = '{root}/configs/{name}.py'
model = dict(backbone=dict(seq_len=9, feat_size=16, depth=2, hourglass=dict(
    prune_blocks=(1,), kept_frames=(3,))), head=dict(in_channels=16))
test_dataloader = dict(dataset=dict(frames=9, seq_len=9))
"""


def small_lifter(folder, name='hot_mixste_h36m', extra=''):
    """A config, and weights for it."""
    config = folder / f'small_{name}.py'
    config.write_text(LIFTER.format(root=ROOT, name=name) + extra)
    torch.manual_seed(0)
    model = MODELS.build(Config.fromfile(config).model)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    weights = folder / f'small_{name}.pth'
    torch.save(dict(state_dict=model.state_dict()), weights)
    return str(config), str(weights)


def small_inferencer(folder, estimator, name='hot_mixste_h36m', **lifting):
    config, weights = small_lifter(folder, name)
    return VideoPoseInferencer(
        config, weights, pose2d=estimator, device='cpu', lifting=lifting
    )
