import pytest
import torch
from torch.nn.functional import layer_norm

from ppt_mmpose.tokens import (
    DensityPeakScores,
    Hourglass,
    HypothesisEncoder,
    RecoveringAttention,
    attention_scores,
    density_peak_scores,
)

JOINTS, FRAMES, DIM = 2, 6, 8


def encoder_of(scores=None, recover=False, **kwargs):
    torch.manual_seed(0)
    hourglass = None
    if scores is not None:
        hourglass = Hourglass(
            DIM,
            FRAMES,
            blocks=(1,),
            counts=(3,),
            scores=scores,
            recovery=RecoveringAttention(DIM, 2, FRAMES) if recover else None,
            position=recover,
            keep_centre=not recover,
        )
    encoder = HypothesisEncoder(
        joints=JOINTS,
        frames=FRAMES,
        dim=DIM,
        generation_depth=1,
        num_heads=2,
        track_heads=3,
        hidden=16,
        hourglass=hourglass,
        **kwargs,
    )
    for parameter in encoder.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return encoder.eval()


def keypoints():
    generator = torch.Generator().manual_seed(1)
    return torch.randn(2, FRAMES, JOINTS, 2, generator=generator)


def begin(encoder, given):
    tracks, hypotheses = given.flatten(2).transpose(1, 2), []
    for number in range(3):
        part = encoder.generation[number]
        tokens = part.blocks[0].mix(part.norm_before(tracks) + part.position)
        normed = layer_norm(
            tokens, (FRAMES,), part.norm_after.weight, part.norm_after.bias, 1e-6
        )
        tracks = tracks + normed
        embedded = encoder.embedding[number](tracks.transpose(1, 2))
        hypotheses.append(embedded + encoder.positions[number])
    return hypotheses


def together(block, hypotheses):
    wide = torch.cat(hypotheses, -1)
    return list((wide + block.mlp(block.norm2(wide))).chunk(3, -1))


def refine(block, hypotheses):
    refined = []
    for one, norm, attention in zip(hypotheses, block.norm1, block.attention):
        refined.append(one + attention.attend(*attention.project(norm(one))))
    return together(block, refined)


def interact(block, hypotheses):
    x1, x2, x3 = hypotheses
    (a, b, c), ask = block.norm1, block.attention
    x1 = x1 + ask[0](a[0](x2), a[1](x3), a[2](x1))
    x2 = x2 + ask[1](b[0](x1), b[1](x3), b[2](x2))
    x3 = x3 + ask[2](c[0](x1), c[1](x2), c[2](x3))
    return together(block, [x1, x2, x3])


def test_equals_the_equations():
    encoder, given = encoder_of(), keypoints()
    hypotheses = begin(encoder, given)
    for block in encoder.refinement:
        hypotheses = refine(block, hypotheses)
    for block in encoder.interaction:
        hypotheses = interact(block, hypotheses)
    expected = encoder.norm(torch.cat(hypotheses, -1))
    out = encoder(given)
    assert out.tokens.shape == (2, FRAMES, 1, 3 * DIM)
    assert torch.allclose(out.tokens[:, :, 0], expected, atol=1e-5)


def test_frames_are_pruned_by_all_hypotheses_together():
    encoder, given = encoder_of(DensityPeakScores()), keypoints()
    hypotheses = refine(encoder.refinement[0], begin(encoder, given))
    scores = density_peak_scores(torch.cat(hypotheses, -1))
    out = encoder(given)
    (pruning,) = out.prunings
    assert torch.allclose(pruning.scores, scores, atol=1e-5)
    # The centre stays whatever its score.
    scores[:, FRAMES // 2] = 100
    source = scores.topk(3).indices.sort().values
    assert torch.equal(pruning.source, source)
    rows = torch.arange(2)[:, None]
    hypotheses = refine(encoder.refinement[1], [h[rows, source] for h in hypotheses])
    hypotheses = interact(encoder.interaction[0], hypotheses)
    expected = encoder.norm(torch.cat(hypotheses, -1))
    assert torch.allclose(out.tokens[:, :, 0], expected, atol=1e-5)


def test_attention_is_the_mean_of_three():
    encoder, given = encoder_of(attention_scores), keypoints()
    block, hypotheses = encoder.refinement[0], begin(encoder, given)
    rows = []
    for one, norm, attention in zip(hypotheses, block.norm1, block.attention):
        query, key, _ = attention.project(norm(one))
        rows.append((query @ key.mT * attention.scale).softmax(-1))
    expected = torch.stack(rows).mean(dim=(0, 2, 3))
    assert torch.allclose(encoder(given).prunings[0].scores, expected, atol=1e-6)


def test_frames_come_back_to_every_hypothesis():
    encoder = encoder_of(DensityPeakScores(), recover=True)
    out = encoder(keypoints())
    assert out.tokens.shape == (2, FRAMES, 1, 3 * DIM)
    assert out.prunings[0].source.shape == (2, 3)


def test_every_weight_learns():
    encoder = encoder_of(DensityPeakScores(), recover=True, dropout=0.1, drop_path=0.1)
    encoder.train()(keypoints()).tokens.square().sum().backward()
    assert all(p.grad is not None for p in encoder.parameters())


def test_stochastic_depth_grows_over_refinement_and_interaction():
    encoder = encoder_of(drop_path=0.2)
    blocks = [*encoder.refinement, *encoder.interaction]
    assert [b.drop_path.rate for b in blocks] == pytest.approx([0, 0.1, 0.2])


def test_prunings_beyond_the_refinement_are_refused():
    with pytest.raises(ValueError, match=r'below the depth of 1, got \(1,\)'):
        encoder_of(DensityPeakScores(), refinement_depth=1)
