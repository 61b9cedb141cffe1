import pytest
import torch

from ppt_mmpose.tokens import Attention


def by_hand(attention, tokens):
    """Softmax attention written out, one head at a time."""
    query, key, value = attention.qkv(tokens).chunk(3, dim=-1)
    width = tokens.shape[-1] // attention.num_heads
    heads = []
    for head in range(attention.num_heads):
        part = slice(head * width, (head + 1) * width)
        logits = query[..., part] @ key[..., part].transpose(1, 2) * attention.scale
        heads.append(logits.softmax(-1) @ value[..., part])
    return attention.projection(torch.cat(heads, dim=-1))


@pytest.mark.parametrize('scale', [None, 8**-0.5])
def test_fused_equals_explicit(scale):
    attention = Attention(8, 2, scale=scale)
    tokens = torch.randn(2, 5, 8)
    fused = attention.attend(*attention.project(tokens))
    assert torch.allclose(fused, by_hand(attention, tokens), atol=1e-6)


def test_default_scale_is_by_head():
    assert Attention(8, 2).scale == pytest.approx(0.5)


def test_few_queries_equal_the_first_rows():
    attention = Attention(8, 2)
    tokens = torch.randn(2, 5, 8)
    few = attention.attend(*attention.project(tokens, num_queries=2))
    assert torch.allclose(few, by_hand(attention, tokens)[:, :2], atol=1e-6)


def test_probabilities_sum_to_one_in_float32():
    attention = Attention(8, 2).bfloat16()
    query, key, _ = attention.project(torch.randn(1, 5, 8).bfloat16())
    rows = attention.probabilities(query, key)
    assert rows.dtype == torch.float32
    assert torch.allclose(rows.sum(-1), torch.ones(1, 2, 5), atol=1e-5)


def test_heads_must_divide_channels():
    with pytest.raises(ValueError, match='num_heads: expected a divisor of dim=8'):
        Attention(8, 3)


def test_probabilities_are_float32_under_autocast_too():
    attention = Attention(8, 2)
    tokens = torch.randn(1, 5, 8)
    with torch.autocast('cpu', torch.bfloat16):
        query, key, _ = attention.project(tokens)
        rows = attention.probabilities(query, key)
    assert query.dtype == torch.bfloat16
    assert torch.equal(rows, attention.probabilities(query, key))


@pytest.mark.parametrize('dtype', [torch.float16, torch.bfloat16, torch.float32])
def test_probabilities_of_large_activations_are_numbers(dtype):
    # The dot products are above float16's largest number.
    query = torch.full((1, 1, 2, 8), 200.0, dtype=dtype)
    key = 200 * torch.randn(1, 1, 5, 8).sign().to(dtype)
    rows = Attention(8, 1).probabilities(query, key)
    assert torch.isfinite(rows).all()
    assert torch.allclose(rows.sum(-1), torch.ones(1, 1, 2))


def test_queries_and_keys_are_those_of_the_projection():
    attention = Attention(8, 2)
    tokens = torch.randn(2, 5, 8)
    query, key, _ = attention.project(tokens, num_queries=3)
    found = attention.queries_and_keys(tokens, 3)
    torch.testing.assert_close(found, (query, key))
