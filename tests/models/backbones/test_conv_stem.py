import torch
from mmpose.models.backbones import HRNet
from mmpose.registry import MODELS


def test_equals_the_stem_and_first_stage_of_mmpose_hrnet():
    stem = MODELS.build(dict(type='ConvStem'))
    stage = dict(block='BASIC', num_modules=1)
    hrnet = HRNet(
        extra=dict(
            stage1=dict(
                num_modules=1,
                num_branches=1,
                block='BOTTLENECK',
                num_blocks=(4,),
                num_channels=(64,),
            ),
            stage2=dict(num_branches=2, num_blocks=(1, 1), num_channels=(4, 8)) | stage,
            stage3=dict(num_branches=3, num_blocks=(1,) * 3, num_channels=(4, 8, 16))
            | stage,
            stage4=dict(num_branches=3, num_blocks=(1,) * 3, num_channels=(4, 8, 16))
            | stage,
        )
    )
    assert not hrnet.load_state_dict(stem.state_dict(), strict=False).unexpected_keys
    stem.eval(), hrnet.eval()
    features = []
    hrnet.layer1.register_forward_hook(lambda *args: features.append(args[-1]))
    images = torch.randn(1, 3, 64, 64)
    with torch.no_grad():
        hrnet(images)
        (ours,) = stem(images)
    assert ours.shape == (1, 256, 16, 16)
    assert torch.allclose(ours, features[0], atol=1e-6)


def test_initialised_as_released():
    stem = MODELS.build(dict(type='ConvStem'))
    stem.init_weights()
    assert 0.0009 < stem.layer1[0].conv2.weight.std() < 0.0011
    assert (stem.bn1.weight == 1).all()


def test_batch_norm_can_stay_in_eval_mode():
    stem = MODELS.build(dict(type='ConvStem', norm_eval=True))
    assert stem.train() is stem
    stem(torch.randn(2, 3, 16, 16))
    assert (stem.bn1.running_mean == 0).all()
    assert stem.layer1[0].conv2.training
    stem.norm_eval = False
    stem.train()(torch.randn(2, 3, 16, 16))
    assert (stem.bn1.running_mean != 0).any()


def test_a_smaller_stem():
    stem = MODELS.build(dict(type='ConvStem', channels=8, dilations=(1, 4)))
    (features,) = stem(torch.randn(1, 3, 64, 48))
    assert features.shape == (1, 32, 16, 12)
    assert len(stem.layer1) == 2
    assert stem.layer1[1].conv2.dilation == (4, 4)


def test_the_memory_format_changes_nothing_but_rounding():
    plain, other, own = (
        MODELS.build(dict(type='ConvStem', channels=8, dilations=(2,), **layout))
        for layout in (dict(channels_last=False), dict(channels_last=True), {})
    )
    other.load_state_dict(plain.state_dict())
    images = torch.randn(2, 3, 32, 24)
    (expected,), (features,) = plain(images), other(images)
    assert expected.is_contiguous()
    assert features.is_contiguous(memory_format=torch.channels_last)
    assert torch.allclose(features, expected, atol=1e-5)
    # What nobody chose is what a CPU is faster with.
    assert own(images)[0].is_contiguous(memory_format=torch.channels_last)


def test_a_frozen_stem_stays_as_it_is():
    stem = MODELS.build(dict(type='ConvStem', channels=4, frozen=True)).train()
    before = {name: value.clone() for name, value in stem.state_dict().items()}
    (features,) = stem(torch.randn(2, 3, 16, 16))
    assert not features.requires_grad
    assert all(torch.equal(v, before[name]) for name, v in stem.state_dict().items())
    assert MODELS.build(dict(type='ConvStem', channels=4))(torch.randn(2, 3, 16, 16))[
        0
    ].requires_grad
