"""Bytes counted by hand."""

import torch

from ppt_mmpose.analysis.stored_bytes import stored_bytes

FLOAT = 4


def test_what_is_stored_and_nothing_else():
    x = torch.randn(100, requires_grad=True)
    # The exponential stores its result, the sum nothing.
    assert stored_bytes(lambda: x.exp().sum(), without=()) == 100 * FLOAT
    assert stored_bytes(lambda: x.sum(), without=()) == 0


def test_shared_memory_counts_once():
    x = torch.randn(100, requires_grad=True)

    def forward():
        y = x.exp()
        # Both factors are parts of the same memory, which is stored already.
        return (y[:50] * y[50:]).sum()

    assert stored_bytes(forward, without=()) == 100 * FLOAT


def test_weights_do_not_count():
    layer, x = torch.nn.Linear(10, 20, bias=False), torch.randn(3, 10)
    weight = layer.weight
    x.requires_grad_()
    assert stored_bytes(lambda: layer(x), without=()) == (200 + 30) * FLOAT
    assert stored_bytes(lambda: layer(x), without=[weight]) == 30 * FLOAT
