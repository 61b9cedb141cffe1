import pytest
import torch

from ppt_mmpose.tokens import (
    DualStreamEncoder,
    Hourglass,
    NearestRecovery,
    attention_scores,
    motion_scores,
)
from ppt_mmpose.tokens.spatio_temporal import (
    along_frames,
    along_joints,
    attention_to_frames,
)

JOINTS, FRAMES, DIM = 3, 7, 8


def encoder_of(scores=None, depth=2, **kwargs):
    torch.manual_seed(0)
    hourglass = None
    if scores is not None:
        hourglass = Hourglass(
            DIM,
            FRAMES,
            blocks=(1,),
            counts=(3,),
            scores=scores,
            recovery=NearestRecovery(),
        )
    encoder = DualStreamEncoder(
        3,
        DIM,
        joints=JOINTS,
        frames=FRAMES,
        depth=depth,
        num_heads=2,
        hourglass=hourglass,
        **kwargs,
    )
    for parameter in encoder.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return encoder.eval()


def keypoints(frames=FRAMES):
    return torch.randn(2, frames, JOINTS, 3, generator=torch.Generator().manual_seed(1))


def begin(encoder, given):
    position = encoder.temporal_position[:, : given.shape[1]]
    return encoder.embedding(given) + encoder.spatial_position + position


def depth(encoder, index, tokens):
    first, second = encoder.space_first[index], encoder.time_first[index]
    one = along_frames(first.temporal, along_joints(first.spatial, tokens))
    other = along_joints(second.spatial, along_frames(second.temporal, tokens))
    if not encoder.fusions:
        return (one + other) / 2
    logits = encoder.fusions[index](torch.cat((one, other), -1))
    share = (logits[..., 0] - logits[..., 1]).sigmoid()[..., None]
    return share * one + (1 - share) * other


@pytest.mark.parametrize('learned', [True, False])
def test_two_streams_of_every_depth_are_fused(learned):
    encoder, given = encoder_of(learned_fusion=learned), keypoints()
    tokens = begin(encoder, given)
    for index in range(2):
        tokens = depth(encoder, index, tokens)
    out = encoder(given)
    assert torch.allclose(out.tokens, encoder.norm(tokens), atol=1e-5)
    assert out.prunings == ()


def test_pruned_before_its_block_and_recovered_after_the_norm():
    encoder, given = encoder_of(motion_scores), keypoints()
    out = encoder(given)
    (pruning,) = out.prunings
    moved = (given[:, 1:, :, :2] - given[:, :-1, :, :2]).norm(dim=-1).mean(-1)
    moved = torch.cat((moved[:, :1], moved), dim=1)
    assert torch.allclose(pruning.scores, moved, atol=1e-6)
    source = moved.topk(3).indices.sort().values
    assert torch.equal(pruning.source, source)
    tokens = depth(encoder, 0, begin(encoder, given))
    tokens = torch.stack([sample[kept] for sample, kept in zip(tokens, source)])
    tokens = tokens + encoder.hourglass.positions[0][:, :, None]
    tokens = encoder.norm(depth(encoder, 1, tokens))
    assert out.tokens.shape == (2, FRAMES, JOINTS, DIM)
    for sample in range(2):
        kept = out.tokens[sample, source[sample]]
        assert torch.allclose(kept, tokens[sample], atol=1e-5)


def test_attention_is_that_of_the_stream_that_begins_with_time():
    encoder, given = encoder_of(attention_scores), keypoints()
    expected = attention_to_frames(
        [(encoder.time_first[0].temporal, begin(encoder, given))]
    )
    assert torch.allclose(encoder(given).prunings[0].scores, expected, atol=1e-6)


def test_every_weight_learns():
    encoder = encoder_of(motion_scores).train()
    encoder(keypoints()).tokens.square().sum().backward()
    assert all(p.grad is not None for p in encoder.parameters())


def test_prunings_beyond_the_depth_are_refused():
    with pytest.raises(ValueError, match=r'below the depth of 1, got \(1,\)'):
        encoder_of(motion_scores, depth=1)
