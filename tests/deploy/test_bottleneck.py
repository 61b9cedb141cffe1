import torch
from mmcv.cnn import fuse_conv_bn
from mmpose.models.backbones.resnet import Bottleneck, ResLayer
from torch import nn

from ppt_mmpose.deploy.bottleneck import InPlaceBottleneck, add_in_place


def layer(blocks=3, stride=1):
    made = ResLayer(Bottleneck, blocks, 16, 32, stride=stride).eval()
    for module in made.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias)
            nn.init.normal_(module.running_mean)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    return fuse_conv_bn(made)


@torch.no_grad()
def test_the_numbers_stay_and_so_does_the_input():
    for stride in (1, 2):
        block = layer(stride=stride)
        for layout in (torch.contiguous_format, torch.channels_last):
            images = torch.randn(2, 16, 8, 6).to(memory_format=layout)
            before = images.clone()
            expected = block(images)
            changed = layer(stride=stride)
            changed.load_state_dict(block.state_dict())
            add_in_place(changed)
            assert all(isinstance(part, InPlaceBottleneck) for part in changed)
            found = changed(images)
            assert torch.allclose(found, expected, atol=1e-5)
            assert torch.equal(images, before)


@torch.no_grad()
def test_the_input_of_a_sequence_is_not_overwritten():
    sequence = nn.Sequential(*(Bottleneck(32, 32).eval() for _ in range(2)))
    fuse_conv_bn(sequence)
    add_in_place(sequence)
    assert [type(block) for block in sequence] == [Bottleneck, InPlaceBottleneck]
    images = torch.randn(1, 32, 8, 6)
    before = images.clone()
    sequence(images)
    assert torch.equal(images, before)


@torch.no_grad()
def test_a_block_with_other_norms_is_left_alone():
    norms = dict(norm_cfg=dict(type='GN', num_groups=4))
    sequence = nn.Sequential(*(Bottleneck(32, 32, **norms).eval() for _ in range(2)))
    fuse_conv_bn(sequence)
    images = torch.randn(1, 32, 8, 6)
    expected = sequence(images)
    add_in_place(sequence)
    assert torch.equal(sequence(images), expected)
    assert not any(isinstance(block, InPlaceBottleneck) for block in sequence)
