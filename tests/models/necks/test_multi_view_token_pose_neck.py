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
