"""Multiply-adds that a forward pass really computes."""

from dataclasses import dataclass
from typing import Callable, Dict

import torch
from torch.utils.flop_counter import FlopCounterMode

# The counter counts each multiply-add as two operations.
OPERATIONS = 2
# What remains of a forward pass once PyTorch has split it up.
KINDS = dict(
    convolution='convolution',
    _convolution='convolution',
    mm='linear',
    addmm='linear',
    bmm='attention',
    baddbmm='attention',
)


@dataclass(frozen=True)
class MultiplyAdds:
    """Multiply-adds by what needs them; biases, norms and softmax are not counted.

    Attributes:
        convolution: of convolutions.
        linear: of linear layers.
        attention: of products of activations with activations: queries with keys,
            and attention with values.
    """

    convolution: int
    linear: int
    attention: int

    @property
    def linear_and_convolution(self) -> int:
        """Without the attention products."""
        return self.convolution + self.linear

    @property
    def total(self) -> int:
        """All of them."""
        return self.linear_and_convolution + self.attention


def count_multiply_adds(forward: Callable[[], object]) -> MultiplyAdds:
    """Count by running, so that what a model leaves out does not count.

    Args:
        forward: runs the model on the device ``meta``. Nothing is calculated there,
            and attention is always split up; fused operators of other devices are
            unknown to the counters of some versions of PyTorch.

    Raises:
        ValueError: for an operator of which the kind is not known.
    """
    found: Dict[str, int] = dict(convolution=0, linear=0, attention=0)
    # Not inference_mode: there some versions of PyTorch show a linear layer as one
    # operator that their counter does not know.
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        forward()
    for operator, operations in counter.get_flop_counts().get('Global', {}).items():
        name = str(operator).removeprefix('aten.')
        if name not in KINDS:
            raise ValueError(
                f'forward: expected operators {", ".join(KINDS)}, as on the device '
                f'meta, got {name}'
            )
        found[KINDS[name]] += operations // OPERATIONS
    return MultiplyAdds(**found)
