"""A part of a model, compiled for inference."""

import copy
from typing import Any, Callable, Dict

import torch
from torch._dynamo import config as dynamo
from torch._inductor import config as inductor

# Of one function, in whatever model: PyTorch stops compiling it after 8.
SHAPES = 64


class Compiled:
    """A function through ``torch.compile``, with weights as constants.

    As constants, convolutions and linear layers take in what follows them (residual
    sums, activations), and are laid out in memory once. The first call with a new shape
    compiles.

    Args:
        function: takes and gives tensors, and is called without gradients.
        on_cpu: call what was compiled from C++, for which a GPU has no need.
    """

    def __init__(self, function: Callable[[Any], Any], *, on_cpu: bool) -> None:
        self.source, self.on_cpu = function, on_cpu
        self.settings = dict(freezing=True, cpp_wrapper=on_cpu)
        self.function = torch.compile(function, dynamic=False)

    def __deepcopy__(self, memo: Dict[int, Any]) -> 'Compiled':
        """Compiled anew: what was compiled belongs to the weights of the first."""
        return Compiled(copy.deepcopy(self.source, memo), on_cpu=self.on_cpu)

    def __call__(self, batch: Any) -> Any:
        """As the function, without gradients."""
        # Not an option of torch.compile: what is a constant is decided before its
        # options count.
        limit = dynamo.patch(cache_size_limit=SHAPES)
        with torch.no_grad(), inductor.patch(self.settings), limit:
            return self.function(batch)
