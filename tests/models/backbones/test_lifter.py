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
    for wrong in (2, (2.5,), '2', (True,)):
        for each in (model, lifter(kind)):
            with pytest.raises(ValueError, match='kept_frames: expected a sequence of'):
                each.set_kept_frames(wrong)


NUMBERS = ('feat_size', 'depth', 'num_heads', 'num_keypoints', 'seq_len')


@pytest.mark.parametrize(
    ('kind', 'name'),
    [
        *((kind, name) for kind in KINDS for name in NUMBERS),
        ('MixSTE', 'in_channels'),
        ('MotionBERT', 'in_channels'),
        *(
            ('MHFormer', name)
            for name in (
                *('generation_depth', 'interaction_depth'),
                *('track_heads', 'hidden_channels'),
            )
        ),
    ],
)
@pytest.mark.parametrize('wrong', [0, -3, 2.5, True, '8'])
def test_numbers_that_are_none_from_1_on(kind, name, wrong):
    with pytest.raises(ValueError, match=f'{name}: expected a whole number, 1 or more'):
        lifter(kind, **{name: wrong})


@pytest.mark.parametrize('kind', ['MixSTE', 'MotionBERT'])
@pytest.mark.parametrize('wrong', [0, -1, float('nan'), float('inf'), '4', True])
def test_mlp_ratios_that_cannot_be(kind, wrong):
    with pytest.raises(ValueError, match='mlp_ratio: expected a'):
        lifter(kind, mlp_ratio=wrong)


@pytest.mark.parametrize(
    ('kind', 'name'),
    [
        *((kind, 'drop_path_rate') for kind in KINDS),
        ('MotionBERT', 'drop_rate'),
        ('MHFormer', 'drop_rate'),
    ],
)
@pytest.mark.parametrize('wrong', [1, 1.5, -0.1, float('nan'), '0', None])
def test_rates_that_cannot_be(kind, name, wrong):
    with pytest.raises(ValueError, match=f'{name}: expected a .*number'):
        lifter(kind, **{name: wrong})


def test_a_fusion_is_learned_or_not():
    with pytest.raises(ValueError, match='att_fuse: expected True or False, got 1'):
        lifter('MotionBERT', att_fuse=1)


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
