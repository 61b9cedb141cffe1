"""Counting by running: values worked out by hand."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from ppt_mmpose.analysis import MultiplyAdds, count_multiply_adds


def meta(*shape):
    return torch.zeros(shape, device='meta')


def test_convolution_counts_its_outputs_times_its_weights():
    layer = nn.Conv2d(4, 6, 3, stride=2, padding=1, groups=2, device='meta')
    found = count_multiply_adds(lambda: layer(meta(1, 4, 8, 10)))
    assert found == MultiplyAdds(4 * 5 * 6 * (4 // 2) * 9, 0, 0)


@pytest.mark.parametrize('bias', [True, False])
def test_linear_counts_channels_not_tokens(bias):
    layer = nn.Linear(5, 7, bias=bias, device='meta')
    found = count_multiply_adds(lambda: layer(meta(2, 11, 5)))
    assert found == MultiplyAdds(0, 2 * 11 * 5 * 7, 0)


def test_linear_of_some_rows_is_no_attention():
    tokens, weight = meta(1, 11, 5), meta(7, 5)
    found = count_multiply_adds(lambda: F.linear(tokens[:, :3], weight))
    assert found == MultiplyAdds(0, 3 * 5 * 7, 0)


def test_attention_counts_both_products():
    query, key, value = meta(1, 2, 3, 4), meta(1, 2, 9, 4), meta(1, 2, 9, 4)
    fused = count_multiply_adds(
        lambda: F.scaled_dot_product_attention(query, key, value)
    )
    split = count_multiply_adds(
        lambda: (query @ key.transpose(-2, -1)).softmax(-1) @ value
    )
    assert fused == split == MultiplyAdds(0, 0, 2 * (2 * 3 * 9 * 4))
    assert (fused.linear_and_convolution, fused.total) == (0, 432)


def test_nothing_that_is_not_a_product_counts():
    found = count_multiply_adds(lambda: nn.LayerNorm(4, device='meta')(meta(1, 3, 4)))
    assert found == MultiplyAdds(0, 0, 0)


def test_a_linear_layer_by_its_names():
    found = count_multiply_adds(lambda: F.linear(input=meta(3, 5), weight=meta(7, 5)))
    assert found == MultiplyAdds(0, 3 * 5 * 7, 0)
