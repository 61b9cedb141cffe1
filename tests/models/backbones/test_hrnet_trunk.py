import torch
from mmpose.models.backbones import HRNet
from mmpose.registry import MODELS


def whole_hrnet(width):
    channels = [width * 2**i for i in range(4)]

    def stage(branches, modules, block='BASIC'):
        return dict(
            num_modules=modules,
            num_branches=branches,
            block=block,
            num_blocks=(4,) * branches,
            num_channels=channels[:branches],
        )

    first = stage(1, 1, 'BOTTLENECK') | dict(num_channels=(64,))
    return HRNet(
        extra=dict(
            stage1=first, stage2=stage(2, 1), stage3=stage(3, 4), stage4=stage(4, 3)
        )
    )


def test_equals_the_finest_branch_of_mmpose_hrnet_after_stage_three():
    whole, trunk = whole_hrnet(8), MODELS.build(dict(type='HRNetTrunk', width=8))
    loaded = trunk.load_state_dict(whole.state_dict(), strict=False)
    assert loaded.missing_keys == []
    # What the whole network has beyond: stage 4, and stage 3's coarser outputs.
    assert all(
        key.startswith(('stage4.', 'transition3.', 'stage3.3.fuse_layers.'))
        for key in loaded.unexpected_keys
    )
    whole.eval(), trunk.eval()
    outputs = []
    whole.stage3.register_forward_hook(lambda *args: outputs.append(args[-1]))
    images = torch.randn(1, 3, 64, 64)
    with torch.no_grad():
        whole(images)
        (ours,) = trunk(images)
    assert ours.shape == (1, 8, 16, 16)
    assert torch.allclose(ours, outputs[0][0], atol=1e-6)


def test_trains_every_weight():
    trunk = MODELS.build(dict(type='HRNetTrunk', width=4))
    trunk(torch.randn(2, 3, 64, 64))[0].sum().backward()
    assert all(p.grad is not None for p in trunk.parameters())


def test_freezes_its_stages():
    trunk = MODELS.build(dict(type='HRNetTrunk', width=4, frozen_stages=3))
    assert not any(p.requires_grad for p in trunk.parameters())
