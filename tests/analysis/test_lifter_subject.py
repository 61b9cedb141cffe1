"""Lifters to look at, and what is refused."""

import pytest
import torch
from mmengine.config import Config

from ppt_mmpose.analysis.lifter_subject import is_lifter, load_lifter

SMALL = {
    'model.backbone.depth': 2,
    'model.backbone.feat_size': 16,
    'model.head.in_channels': 16,
}
PRUNED = {'model.backbone.hourglass.prune_blocks': (1,)}


def test_outputs_and_frames():
    base = load_lifter('mixste_h36m', cfg_options=SMALL)
    hot = load_lifter('hot_mixste_h36m', cfg_options=SMALL | PRUNED)
    tpc = load_lifter('tpc_mixste_h36m', cfg_options=SMALL | PRUNED)
    assert not base.model.training
    assert [each.outputs for each in (base, hot, tpc)] == [
        ['all', 'centre'],
        ['all'],
        ['all', 'centre'],
    ]
    assert [each.given_frames for each in (base, hot, tpc)] == [243, 243, 61]
    assert [each.frames for each in (base, hot, tpc)] == [243] * 3


def test_forward_gives_joints():
    subject = load_lifter('tpc_mixste_h36m', cfg_options=SMALL | PRUNED)
    keypoints = subject.keypoints(2)
    assert keypoints.shape == (2, 243, 17, 2)
    with torch.no_grad():
        every, centre = (
            subject.forward(output, keypoints)() for output in subject.outputs
        )
    assert every.shape == (2, 61, 17, 3)
    assert centre.shape == (2, 1, 17, 3)
    distances = (every - centre).abs().amax(dim=(2, 3))
    assert (distances.amin(dim=1) < 1e-5).all()


def test_a_copy_on_another_device():
    subject = load_lifter('mixste_h36m', cfg_options=SMALL)
    meta = subject.on(torch.device('meta'))
    assert meta.keypoints().device.type == 'meta'
    assert next(subject.model.parameters()).device.type == 'cpu'


def test_other_models_are_refused():
    with pytest.raises(ValueError, match='ppt_s_coco: expected a model of type Token'):
        load_lifter('ppt_s_coco')
    assert not is_lifter(Config(dict(codec={})))
