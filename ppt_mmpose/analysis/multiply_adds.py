"""Multiply-adds that a forward pass really computes."""

from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Optional, Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.modules.batchnorm import _BatchNorm
from torch.overrides import TorchFunctionMode
from torch.utils.flop_counter import FlopCounterMode

# The counter counts each multiply-add as two operations.
OPERATIONS = 2


@dataclass(frozen=True)
class MultiplyAdds:
    """Multiply-adds by what needs them; biases, norms and softmax are not counted.

    Attributes:
        convolution: of convolutions.
        linear: of linear layers.
        attention: of all other products of matrices: queries with keys, and attention
            with values.
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


class _LinearCounter(TorchFunctionMode):
    """Count linear layers as they are called.

    PyTorch splits one up into mm, addmm or bmm, as strides and gradients have it, so
    that its operators do not tell it from attention.
    """

    def __init__(self) -> None:
        super().__init__()
        self.multiply_adds = 0

    def __torch_function__(
        self,
        func: Callable,
        types: Any,
        args: Tuple = (),
        kwargs: Optional[Dict[str, Any]] = None,
    ) -> Any:
        out = func(*args, **(kwargs or {}))
        if func is F.linear:
            weight = args[1] if len(args) > 1 else (kwargs or {})['weight']
            self.multiply_adds += out.numel() * weight.shape[-1]
        return out


def count_multiply_adds(forward: Callable[[], object]) -> MultiplyAdds:
    """Count by running, so that what a model leaves out does not count.

    Args:
        forward: runs the model on the device ``meta``. Nothing is calculated there,
            and attention is always split up; fused operators of other devices are
            unknown to the counters of some versions of PyTorch.
    """
    # Not inference_mode: there some versions of PyTorch show convolutions and linear
    # layers as operators that their counter does not know.
    products, linears = FlopCounterMode(display=False), _LinearCounter()
    with torch.no_grad(), products, linears:
        forward()
    # Where nothing was counted, there is no 'Global'.
    operations = products.get_flop_counts().get('Global', {})
    total = sum(operations.values()) // OPERATIONS
    convolution = sum(
        count // OPERATIONS
        for operator, count in operations.items()
        if 'convolution' in str(operator)
    )
    linear = linears.multiply_adds
    return MultiplyAdds(convolution, linear, total - convolution - linear)


def count_normalised(module: nn.Module, inputs: Tensor) -> int:
    """How many numbers the batch norms of a module give in a forward pass."""
    counts: List[int] = []

    def count(_: nn.Module, __: Any, out: Tensor) -> None:
        counts.append(out.numel())

    norms = [part for part in module.modules() if isinstance(part, _BatchNorm)]
    hooks = [norm.register_forward_hook(count) for norm in norms]
    try:
        with torch.no_grad():
            module(inputs)
    finally:
        for hook in hooks:
            hook.remove()
    return sum(counts)
