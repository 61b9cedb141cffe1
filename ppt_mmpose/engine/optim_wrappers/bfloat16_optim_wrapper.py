"""Mixed precision in bfloat16, on every device."""

from contextlib import contextmanager
from typing import Iterator

import torch
from mmengine.optim import OptimWrapper
from mmpose.registry import OPTIM_WRAPPERS
from torch import nn


@OPTIM_WRAPPERS.register_module()
class BFloat16OptimWrapper(OptimWrapper):
    """Computes the loss under autocast to bfloat16; weights stay in float32.

    MMEngine's AmpOptimWrapper refuses to be made without an accelerator, and scales the
    loss, for which it waits for the device in each step. bfloat16 has the range of
    float32, so nothing is scaled here, and a training saves and resumes as one without
    mixed precision.

    Arguments are those of MMEngine's OptimWrapper.
    """

    @contextmanager
    def optim_context(self, model: nn.Module) -> Iterator[None]:
        """Autocast on the device of the model, for the loss of one step.

        Args:
            model: the model that is trained, wrapped or not.
        """
        device = next(model.parameters()).device.type
        with super().optim_context(model), torch.autocast(device, torch.bfloat16):
            yield
