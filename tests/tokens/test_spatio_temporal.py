import pytest
import torch

from ppt_mmpose.tokens import (
    DensityPeakScores,
    Hourglass,
    RecoveringAttention,
    SpatioTemporalEncoder,
    attention_scores,
    density_peak_scores,
)
from ppt_mmpose.tokens.spatio_temporal import attention_to_frames

JOINTS, FRAMES, DIM = 3, 9, 8


def encoder_of(hourglass=None, depth=3, **kwargs):
    torch.manual_seed(0)
    encoder = SpatioTemporalEncoder(
        2,
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


def hourglass_of(recover=True, scores=None, **kwargs):
    return Hourglass(
        DIM,
        FRAMES,
        blocks=(1,),
        counts=(4,),
        scores=scores or DensityPeakScores(),
        recovery=RecoveringAttention(DIM, 2, FRAMES) if recover else None,
        **kwargs,
    )


def keypoints(batch=2, frames=FRAMES):
    generator = torch.Generator().manual_seed(1)
    return torch.randn(batch, frames, JOINTS, 2, generator=generator)


def attend(block, tokens):
    """A block as its equations have it, of one sequence ``(L, C)``."""
    attention, count = block.attention, len(tokens)
    parts = attention.qkv(block.norm1(tokens)).view(count, 3, 2, DIM // 2)
    query, key, value = parts.unbind(1)
    rows = torch.einsum('qhc,khc->hqk', query, key) * (DIM // 2) ** -0.5
    mixed = torch.einsum('hqk,khc->qhc', rows.softmax(-1), value).flatten(1)
    tokens = tokens + attention.projection(mixed)
    return tokens + block.mlp(block.norm2(tokens)), rows.softmax(-1)


def step(encoder, index, tokens, first=False):
    """A pair of blocks on the tokens of one sample ``(T, J, C)``, one by one."""
    spatial, temporal = encoder.spatial[index], encoder.temporal[index]
    tokens = torch.stack([attend(spatial, frame)[0] for frame in tokens])
    tokens = encoder.spatial_norm(tokens)
    if first:
        tokens = tokens + encoder.temporal_position[0, : len(tokens), None]
    tracks = [attend(temporal, track)[0] for track in tokens.unbind(1)]
    return encoder.temporal_norm(torch.stack(tracks, dim=1))


def test_equals_the_equations():
    encoder, given = encoder_of(), keypoints()
    tokens = encoder.embedding(given[1]) + encoder.spatial_position
    for index in range(3):
        tokens = step(encoder, index, tokens, first=index == 0)
    out = encoder(given)
    assert torch.allclose(out.tokens[1], tokens, atol=1e-5)
    assert out.source.tolist() == [list(range(FRAMES))] * 2
    assert out.prunings == ()


@pytest.mark.parametrize('recover', [True, False])
def test_frames_are_pruned_before_their_block(recover):
    encoder, given = encoder_of(hourglass_of(recover)), keypoints()
    hourglass = encoder.hourglass
    tokens = encoder.embedding(given[0]) + encoder.spatial_position
    tokens = step(encoder, 0, tokens, first=True)
    out = encoder(given)
    (pruning,) = out.prunings
    assert pruning.block == 1
    scores = density_peak_scores(tokens.mean(dim=1)[None])
    assert torch.allclose(pruning.scores[0], scores[0], atol=1e-5)
    assert set(pruning.source[0].tolist()) == set(scores[0].topk(4).indices.tolist())
    tokens = tokens[pruning.source[0]] + hourglass.positions[0][0, :, None]
    for index in (1, 2):
        tokens = step(encoder, index, tokens)
    if recover:
        tokens = hourglass.recovery(tokens[None], pruning.source[:1], FRAMES)[0]
        assert out.source.shape == (2, FRAMES)
    else:
        assert torch.equal(out.source, pruning.source)
    assert torch.allclose(out.tokens[0], tokens, atol=1e-5)


def test_shorter_sequences_take_the_first_encodings():
    encoder, given = encoder_of(), keypoints(frames=4)
    tokens = encoder.embedding(given[0]) + encoder.spatial_position
    for index in range(3):
        tokens = step(encoder, index, tokens, first=index == 0)
    assert torch.allclose(encoder(given).tokens[0], tokens, atol=1e-5)


@pytest.mark.parametrize('frames', [1, 3, 4, 5])
def test_any_length_comes_back_whole(frames):
    out = encoder_of(hourglass_of())(keypoints(frames=frames))
    assert out.tokens.shape == (2, frames, JOINTS, DIM)
    assert out.prunings[0].source.shape == (2, min(frames, 4))


def test_batches_and_samples_alone_keep_the_same_frames():
    encoder, given = encoder_of(hourglass_of()), keypoints(5)
    together = encoder(given)
    assert torch.equal(together.tokens, encoder(given).tokens)
    for index in range(5):
        alone = encoder(given[index : index + 1])
        kept = (out.prunings[0].source for out in (alone, together))
        first, second = kept
        assert torch.equal(first[0], second[index])
        assert torch.allclose(alone.tokens[0], together.tokens[index], atol=1e-5)


def test_attention_to_frames_is_the_mean_of_the_rows():
    encoder = encoder_of()
    tokens = torch.randn(1, FRAMES, JOINTS, DIM)
    block = encoder.temporal[1]
    rows = [attend(block, track)[1] for track in tokens[0].unbind(1)]
    expected = torch.stack(rows).mean(dim=(0, 1, 2))
    seen = attention_to_frames([(block, tokens)])
    assert torch.allclose(seen[0], expected, atol=1e-6)
    assert seen.sum().item() == pytest.approx(1)


def test_attention_chooses_what_the_block_before_looked_at():
    encoder = encoder_of(hourglass_of(scores=attention_scores))
    given = keypoints()
    tokens = encoder.embedding(given) + encoder.spatial_position
    spatial = [
        torch.stack([attend(encoder.spatial[0], f)[0] for f in s]) for s in tokens
    ]
    tokens = encoder.spatial_norm(torch.stack(spatial))
    tokens = tokens + encoder.temporal_position[:, :, None]
    expected = attention_to_frames([(encoder.temporal[0], tokens)])
    scores = encoder(given).prunings[0].scores
    assert torch.allclose(scores, expected, atol=1e-6)


def test_every_weight_learns():
    encoder = encoder_of(hourglass_of()).train()
    encoder(keypoints()).tokens.square().sum().backward()
    assert all(p.grad is not None for p in encoder.parameters())


def test_stochastic_depth_grows_over_the_blocks():
    encoder = encoder_of(drop_path=0.2)
    for blocks in (encoder.spatial, encoder.temporal):
        assert [b.drop_path.rate for b in blocks] == pytest.approx([0, 0.1, 0.2])


def test_prunings_beyond_the_depth_are_refused():
    with pytest.raises(ValueError, match=r'below the depth of 1, got \(1,\)'):
        encoder_of(hourglass_of(), depth=1)
