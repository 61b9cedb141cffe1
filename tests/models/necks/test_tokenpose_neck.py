import pytest
import torch
from mmpose.registry import MODELS


def neck_of(**options):
    cfg = dict(
        type='TokenPoseNeck',
        in_channels=4,
        feature_size=(8, 6),
        patch_size=(2, 2),
        num_keypoints=3,
        dim=8,
        num_heads=2,
        stages=(4,),
    )
    return MODELS.build(cfg | options)


FEATURES = (torch.zeros(2, 4, 8, 6),)


def test_keypoint_tokens_come_out():
    assert neck_of()(FEATURES)[0].shape == (2, 3, 8)


def test_stages_are_concatenated():
    neck = neck_of(stages=(2, 2))
    stages = neck.encode(FEATURES[0]).stages
    assert torch.equal(neck(FEATURES)[0], torch.cat(stages, dim=-1))
    assert neck(FEATURES)[0].shape == (2, 3, 16)


def test_attention_scale_rules():
    by_token = neck_of(attention_scale='dim').encoder.blocks[0].attention.scale
    by_head = neck_of(attention_scale='head_dim').encoder.blocks[0].attention.scale
    assert by_token == pytest.approx(8**-0.5)
    assert by_head == pytest.approx(4**-0.5)


def test_kinds_of_position():
    sine, learnt, none = (
        neck_of(position=kind) for kind in ('sine', 'learnable', 'none')
    )
    assert 'position' not in sine.state_dict()
    assert sine.position.shape == (1, 12, 8)
    assert isinstance(learnt.position, torch.nn.Parameter)
    assert none.position is None
    features = (torch.randn(1, 4, 8, 6),)
    learnt(features)[0].sum().backward()
    assert learnt.position.grad.abs().sum() > 0
    none(features)


def test_a_pruned_learnable_position_still_learns():
    neck = neck_of(position='learnable', prune_blocks=(1,), keep_ratio=0.5)
    neck((torch.randn(1, 4, 8, 6),))[0].sum().backward()
    assert neck.position.grad.abs().sum() > 0


def test_pruned_at_a_ratio_of_one_equals_dense():
    dense, pruned = neck_of(), neck_of(prune_blocks=(1, 2), keep_ratio=0.5)
    pruned.load_state_dict(dense.state_dict())
    features = (torch.randn(2, 4, 8, 6),)
    assert not torch.allclose(dense(features)[0], pruned(features)[0], atol=1e-4)
    pruned.set_keep_ratio(1.0)
    assert pruned.keep_ratio == 1
    assert torch.equal(dense(features)[0], pruned(features)[0])


def test_initialised_as_released():
    neck = neck_of(dim=64, num_heads=8)
    neck.init_weights()
    weights = [m.weight for m in neck.modules() if isinstance(m, torch.nn.Linear)]
    weights += [neck.patch_embedding.projection.weight, neck.keypoint_tokens]
    for weight in weights:
        assert 0.015 < weight.std() < 0.025
    assert (neck.encoder.blocks[0].mlp[0].bias == 0).all()


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(keep_ratio=0, prune_blocks=(1,)), r'keep_ratio: .* in \(0, 1\], got 0'),
        (dict(keep_ratio=1.5, prune_blocks=(1,)), 'keep_ratio: .* got 1.5'),
        (dict(keep_ratio=0.7), 'has no effect on a model without prune_blocks'),
        (dict(keep_ratio=0.7, prune_blocks=(9,)), 'below the depth of 4'),
        (dict(keep_ratio=0.7, prune_blocks=(3,)), 'block 3 is the last of 4'),
        (dict(patch_size=(3, 2)), 'patch_size: expected .* divides'),
        (dict(attention_scale='heads'), 'attention_scale: expected one of'),
        (dict(position='cosine'), 'position: expected one of'),
        (dict(prune_blocks=3), 'prune_blocks: expected a sequence .*got 3'),
        (dict(prune_blocks='3'), "prune_blocks: expected a sequence .*got '3'"),
        (dict(keep_ratio='abc', prune_blocks=(1,)), "keep_ratio: .* number, got 'abc'"),
        (dict(stages=()), r'stages: expected positive numbers .* got \(\)'),
        (dict(patch_size=4), 'patch_size: expected a sequence of 2 whole numbers'),
        (dict(num_keypoints=0), 'num_keypoints: expected 1 or more, got 0'),
    ],
)
def test_bad_options(options, message):
    with pytest.raises(ValueError, match=message):
        neck_of(**options)


def test_a_dense_model_cannot_be_told_to_prune():
    with pytest.raises(ValueError, match='has no effect'):
        neck_of().set_keep_ratio(0.7)


def test_images_of_another_size():
    with pytest.raises(ValueError, match=r'= \(4, 8, 6\), got \(4, 8, 8\)'):
        neck_of()((torch.zeros(1, 4, 8, 8),))


def test_computing_twice_is_an_option_with_the_same_gradients():
    plain = neck_of(prune_blocks=(1,), keep_ratio=0.5)
    twice = neck_of(prune_blocks=(1,), keep_ratio=0.5, with_cp=True)
    assert (plain.encoder.with_cp, twice.encoder.with_cp) == (False, True)
    twice.load_state_dict(plain.state_dict())
    features = (torch.randn(2, 4, 8, 6),)
    for neck in (plain, twice):
        neck(features)[0].square().sum().backward()
    for one, other in zip(plain.parameters(), twice.parameters()):
        assert torch.equal(one.grad, other.grad)
