"""Less is stored, and the gradients are the same."""

from functools import partial

import pytest
import torch

from ppt_mmpose.analysis.stored_bytes import stored_bytes
from ppt_mmpose.tokens import (
    PrunedEncoder,
    PruneSchedule,
    TokenSequence,
    build_blocks,
    keep_highest,
)

DIM = 8


def encoder_of(**options):
    torch.manual_seed(0)
    blocks = build_blocks(4, DIM, num_heads=2)
    return PrunedEncoder(blocks, schedule=PruneSchedule((1, 2), 0.5), **options).train()


def inputs_of():
    torch.manual_seed(1)
    shapes = dict(keypoints=(1, 3, DIM), visual=(2, 16, DIM), position=(1, 16, DIM))
    return {name: torch.randn(*s, requires_grad=True) for name, s in shapes.items()}


def run(encoder, inputs, **options):
    out = encoder(TokenSequence.begin(**inputs), **options)
    parts = [*out.stages, *(seen.attention for seen in out.attention)]
    return sum(part.square().sum() for part in parts), out


def gradients(encoder, inputs):
    tensors = dict(encoder.named_parameters()) | inputs
    return {name: tensor.grad for name, tensor in tensors.items()}


@pytest.mark.parametrize('low', [False, True])
@pytest.mark.parametrize('options', [{}, dict(attention_blocks=(1, 3))])
def test_same_loss_and_gradients(low, options):
    found = []
    for with_cp in (False, True):
        encoder, inputs = encoder_of(with_cp=with_cp), inputs_of()
        with torch.autocast('cpu', torch.bfloat16, enabled=low):
            loss, out = run(encoder, inputs, **options)
        loss.backward()
        found.append((loss, out.prunings, gradients(encoder, inputs)))
    (loss, prunings, expected), (loss_cp, prunings_cp, ours) = found
    assert torch.equal(loss, loss_cp)
    for one, other in zip(prunings, prunings_cp):
        assert torch.equal(one.source, other.source)
    for name, gradient in expected.items():
        assert gradient.abs().sum() > 0, name
        assert torch.equal(gradient, ours[name]), name


@pytest.mark.parametrize('low', [False, True])
def test_the_second_run_keeps_the_same_tokens(low, monkeypatch):
    encoder, chosen = encoder_of(with_cp=True), []

    def spy(scores, count):
        chosen.append((scores, keep_highest(scores, count)))
        return chosen[-1][1]

    monkeypatch.setattr('ppt_mmpose.tokens.block.keep_highest', spy)
    with torch.autocast('cpu', torch.bfloat16, enabled=low):
        loss, _ = run(encoder, inputs_of())
    # What comes between the two passes of a step must not matter.
    encoder.set_keep_ratio(1.0)
    loss.backward()
    first, second, second_again, first_again = chosen
    for one, again in ((first, first_again), (second, second_again)):
        assert torch.equal(one[0], again[0])
        assert torch.equal(one[1], again[1])
        assert one[0].dtype == torch.float32


def test_stores_less():
    sizes = []
    for with_cp in (False, True):
        encoder = encoder_of(with_cp=with_cp)
        forward = partial(run, encoder, inputs_of())
        sizes.append(stored_bytes(forward, without=encoder.parameters()))
    assert sizes[1] < 0.25 * sizes[0]


@pytest.mark.parametrize('where', ['evaluation', 'no gradients'])
def test_nothing_is_wrapped_where_nothing_is_trained(where, monkeypatch):
    def refuse(*args):
        raise AssertionError('computed twice')

    monkeypatch.setattr('ppt_mmpose.tokens.encoder.compute_twice', refuse)
    encoder = encoder_of(with_cp=True)
    with pytest.raises(AssertionError, match='computed twice'):
        run(encoder, inputs_of())
    with torch.set_grad_enabled(where != 'no gradients'):
        run(encoder.train(where != 'evaluation'), inputs_of())
