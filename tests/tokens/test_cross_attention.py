import pytest
import torch

from ppt_mmpose.tokens import CrossAttention


def test_by_hand():
    attention = CrossAttention(6, 2)
    queries, keys, values = (torch.randn(2, n, 6) for n in (3, 5, 5))
    heads = [
        layer(part).unflatten(-1, (2, 3))
        for layer, part in (
            (attention.query, queries),
            (attention.key, keys),
            (attention.value, values),
        )
    ]
    weights = torch.einsum('bqhc,bkhc->bhqk', *heads[:2]) / 3**0.5
    mixed = torch.einsum('bhqk,bkhc->bqhc', weights.softmax(dim=-1), heads[2])
    expected = attention.projection(mixed.flatten(2))
    assert torch.allclose(attention(queries, keys, values), expected, atol=1e-6)


def test_samples_may_share_their_queries():
    attention = CrossAttention(6, 2)
    shared, keys = torch.randn(1, 3, 6), torch.randn(4, 5, 6)
    expected = attention(shared.expand(4, -1, -1), keys, keys)
    assert torch.allclose(attention(shared, keys, keys), expected, atol=1e-6)


def test_heads_must_divide_the_channels():
    with pytest.raises(ValueError, match='divisor of dim=6, got 4'):
        CrossAttention(6, 4)
