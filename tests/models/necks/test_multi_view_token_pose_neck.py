import pytest
import torch
from small_views_model import small_views_model


def encode(**options):
    neck = small_views_model(neck=options).neck
    return neck.encode(torch.randn(2, 256, 16, 12))


def test_views_that_are_fused_are_not_encoded_alone():
    with pytest.raises(ValueError, match='^fuse: the views of an instant are encoded'):
        encode()


def test_views_that_are_not_fused_go_through_all_blocks_alone():
    out = encode(fuse=False)
    assert out.stages[0].shape == (2, 3, 8)
    assert out.prunings[0].source.shape == (2, 8)


def test_kept_tokens_get_the_rays_of_their_patches():
    neck = small_views_model(neck=dict(position='none')).neck.eval()
    torch.manual_seed(1)
    features, rays = torch.randn(2, 256, 16, 12), torch.randn(2, 16, 3)
    places = torch.tensor([[0, 1]])
    with torch.no_grad():
        before = neck.encode_views(features, rays, places)
        kept = before.prunings[-1].source[0]
        assert kept.max() >= len(kept)  # not just the first ones
        gone = torch.ones(16, dtype=bool).index_fill(0, kept, False)
        for chosen, matters in ((gone, False), (~gone, True)):
            other = rays.clone()
            other[0, chosen] += 1
            after = neck.encode_views(features, other, places)
            assert torch.equal(before.stages[0], after.stages[0]) != matters


@pytest.mark.parametrize('fused_blocks', [2.5, '2'])
def test_blocks_are_counted(fused_blocks):
    with pytest.raises(ValueError, match='^fused_blocks: expected a sequence of'):
        small_views_model(neck=dict(fused_blocks=fused_blocks))
