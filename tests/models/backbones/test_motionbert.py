"""The same network as MMPose's DSTFormer, under the same names."""

import pytest
import torch
from mmengine.runner import load_checkpoint
from mmpose.registry import MODELS

from ppt_mmpose.models.backbones.motionbert import mmpose_name

SMALL = dict(in_channels=3, feat_size=16, depth=3, num_heads=4, mlp_ratio=2, seq_len=9)


def build(kind, **kwargs):
    torch.manual_seed(0)
    model = MODELS.build(dict(type=kind, **{**SMALL, **kwargs}))
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    model.eval()
    return model


@pytest.mark.parametrize('fuse', [True, False])
@pytest.mark.parametrize('frames', [9, 4])
def test_equals_dstformer(fuse, frames):
    theirs, ours = (build(k, att_fuse=fuse) for k in ('DSTFormer', 'MotionBERT'))
    ours.load_state_dict(theirs.state_dict(), strict=True)
    given = torch.randn(2, frames, 17, 3)
    with torch.no_grad():
        expected, tokens = theirs(given), ours(given)
    assert (tokens - expected).abs().max() <= 1e-5 * expected.abs().max()


def test_weights_are_written_under_mmposes_names():
    theirs, ours = (build(kind) for kind in ('DSTFormer', 'MotionBERT'))
    state = ours.state_dict()
    assert state.keys() == theirs.state_dict().keys()
    theirs.load_state_dict(state, strict=True)
    for name, parameter in ours.named_parameters():
        assert torch.equal(state[mmpose_name(name)], parameter)


def test_an_hourglass_has_names_of_its_own():
    ours = build('MotionBERT', hourglass=dict(prune_blocks=(1,), kept_frames=(4,)))
    state = ours.state_dict()
    assert 'hourglass.positions.0' in state
    assert 'hourglass.recovery.queries' in state
    assert not any(name.startswith('encoder.') for name in state)
    other = build('MotionBERT', hourglass=dict(prune_blocks=(1,), kept_frames=(4,)))
    torch.nn.init.zeros_(other.encoder.embedding.weight)
    other.load_state_dict(state, strict=True)
    assert torch.equal(other.encoder.embedding.weight, ours.encoder.embedding.weight)


def lifter(kind):
    head = dict(
        type='MotionRegressionHead',
        in_channels=16,
        embedding_size=12,
        loss=dict(type='MPJPELoss'),
    )
    ours = kind == 'MotionBERT'
    estimator = 'TokenPoseLifter' if ours else 'PoseLifter'
    torch.manual_seed(1)
    return MODELS.build(
        dict(type=estimator, backbone=dict(type=kind, **SMALL), head=head)
    )


def test_checkpoints_go_both_ways_through_mmengine(tmp_path):
    theirs, ours = lifter('DSTFormer'), lifter('MotionBERT')
    for source, target in ((theirs, ours), (ours, theirs)):
        for parameter in source.parameters():
            torch.nn.init.normal_(parameter, std=0.2)
        path = str(tmp_path / 'lifter.pth')
        torch.save(dict(state_dict=source.state_dict(), meta={}), path)
        load_checkpoint(target, path, strict=True)
        given = torch.randn(1, 9, 17, 3)
        source.eval(), target.eval()
        with torch.no_grad():
            expected = source(given, None)
            assert torch.allclose(target(given, None), expected, atol=1e-5)


def test_both_streams_count_the_same_in_the_beginning():
    model = MODELS.build(dict(type='MotionBERT', **SMALL))
    model.init_weights()
    encoder = model.encoder
    for fusion in encoder.fusions:
        assert not fusion.weight.any()
        assert torch.equal(fusion.bias, torch.full((2,), 0.5))
    assert 0.01 < encoder.temporal_position.std().item() < 0.03
    assert 0.015 < encoder.space_first[0].spatial.mlp[0].weight.std() < 0.025
