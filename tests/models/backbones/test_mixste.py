import pytest
import torch

from ppt_mmpose.models import MixSTE


def test_arguments_reach_the_encoder():
    model = MixSTE(
        3,
        feat_size=12,
        depth=3,
        num_heads=2,
        mlp_ratio=4,
        num_keypoints=5,
        seq_len=7,
        drop_path_rate=0.2,
    )
    encoder = model.encoder
    assert encoder.embedding.in_features == 3
    assert tuple(encoder.spatial_position.shape) == (1, 5, 12)
    assert tuple(encoder.temporal_position.shape) == (1, 7, 12)
    block = encoder.temporal[2]
    assert block.mlp[0].out_features == 48
    assert block.attention.num_heads == 2
    assert block.attention.qkv.bias is not None
    assert block.norm1.eps == 1e-6
    assert block.drop_path.rate == pytest.approx(0.2)
    assert len(encoder.spatial) == 3


def test_encodings_begin_at_zero():
    model = MixSTE(feat_size=8, depth=1, num_heads=2, seq_len=5)
    model.init_weights()
    assert not model.encoder.spatial_position.any()
    assert not model.encoder.temporal_position.any()
    assert torch.is_tensor(model(torch.randn(1, 5, 17, 2)))
