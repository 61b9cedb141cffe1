import pytest

from ppt_mmpose.models import MHFormer


def small(**kwargs):
    return MHFormer(
        feat_size=12,
        generation_depth=2,
        depth=3,
        interaction_depth=2,
        num_heads=2,
        track_heads=3,
        hidden_channels=20,
        num_keypoints=5,
        seq_len=9,
        **kwargs,
    )


def test_arguments_reach_the_encoder():
    encoder = small(drop_rate=0.1, drop_path_rate=0.4).encoder
    assert [len(one.blocks) for one in encoder.generation] == [2, 2, 2]
    track = encoder.generation[1].blocks[1]
    assert (track.attention.num_heads, track.mlp[0].out_features) == (3, 18)
    assert (track.norm1.eps, encoder.generation[0].norm_before.eps) == (1e-6, 1e-5)
    assert [len(encoder.refinement), len(encoder.interaction)] == [3, 2]
    assert encoder.refinement[0].mlp[0].out_features == 20
    assert encoder.embedding[2].in_features == 10
    assert encoder.interaction[1].drop_path.rate == pytest.approx(0.4)
    assert encoder.dropout.p == 0.1
    assert track.dropout.p == 0.1


def test_encodings_are_initialised_as_linear_layers():
    model = small()
    model.init_weights()
    encoder = model.encoder
    for place in (*encoder.positions, *(g.position for g in encoder.generation)):
        assert 0.01 < place.std().item() < 0.03
    assert 0.015 < encoder.embedding[0].weight.std().item() < 0.025
    before = encoder.positions[0].clone()
    model.init_weights()
    assert before.equal(encoder.positions[0])
