import pytest
import torch
from mmpose.registry import MODELS

SMALL = dict(feat_size=8, num_heads=2, num_keypoints=4, seq_len=9)
HOT = dict(prune_blocks=(1,), kept_frames=(4,))
KINDS = {
    'MixSTE': (dict(depth=2), 2),
    'MotionBERT': (dict(depth=2), 3),
    'MHFormer': (dict(depth=2, track_heads=3, hidden_channels=16), 2),
}


def lifter(kind, hourglass=None, **kwargs):
    torch.manual_seed(0)
    arguments = {**SMALL, **KINDS[kind][0], **kwargs}
    return MODELS.build(dict(type=kind, hourglass=hourglass, **arguments)).eval()


def keypoints(kind, frames=9):
    return torch.randn(2, frames, 4, KINDS[kind][1])


@pytest.mark.parametrize('kind', KINDS)
def test_tokens_alone_for_mmpose(kind):
    model, given = lifter(kind, HOT), keypoints(kind)
    tokens = model(given)
    assert torch.equal(tokens, model.encode(given).tokens)
    assert tokens.shape[:2] == (2, 9)
    assert not model.causal
    assert model.frames == 9


@pytest.mark.parametrize('kind', KINDS)
def test_whether_all_frames_come_out(kind):
    assert lifter(kind).gives_all_frames
    assert lifter(kind, HOT).gives_all_frames
    pruned = lifter(kind, dict(HOT, recovery=None))
    assert not pruned.gives_all_frames
    assert pruned(keypoints(kind)).shape[1] == 4


@pytest.mark.parametrize('kind', KINDS)
def test_frames_of_another_pass(kind):
    model = lifter(kind, dict(HOT, recovery=None))
    first, second = keypoints(kind), keypoints(kind)
    chosen = [model.encode(first).prunings[0].source]
    out = model.encode(second, chosen=chosen)
    assert torch.equal(out.source, chosen[0])
    assert not torch.equal(model.encode(second).source, chosen[0])


@pytest.mark.parametrize('kind', KINDS)
def test_other_numbers_of_frames(kind):
    model = lifter(kind, dict(HOT, recovery=None))
    model.set_kept_frames([2])
    assert model(keypoints(kind)).shape[1] == 2
    with pytest.raises(ValueError, match='no effect on a model without an hourglass'):
        lifter(kind).set_kept_frames([2])


@pytest.mark.parametrize(
    ('kind', 'shape'),
    [
        ('MixSTE', (2, 10, 4, 2)),
        ('MixSTE', (2, 9, 5, 2)),
        ('MixSTE', (2, 9, 4, 3)),
        ('MixSTE', (9, 4, 2)),
        ('MotionBERT', (2, 10, 4, 3)),
        ('MHFormer', (2, 8, 4, 2)),
    ],
)
def test_sequences_of_another_shape(kind, shape):
    channels = KINDS[kind][1]
    most = '' if kind == 'MHFormer' else 'at most '
    expected = rf'\(batch, {most}9 frames, 4 joints, {channels} channels\), got '
    with pytest.raises(ValueError, match=expected):
        lifter(kind)(torch.randn(shape))


@pytest.mark.parametrize('kind', ['MixSTE', 'MotionBERT'])
def test_shorter_sequences_are_taken(kind):
    for frames in (1, 4, 8):
        assert lifter(kind, HOT)(keypoints(kind, frames)).shape[1] == frames
