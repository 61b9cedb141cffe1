"""MMPose's bottleneck for inference, which adds to its input in place.

Its sum would be the largest tensor of a stem, and memory that was never touched costs a
CPU more than the sum itself. With channels last, a 1x1 convolution is a product of two
matrices, which can be added to what is there.
"""

from typing import Optional

import torch
from mmpose.models.backbones.resnet import Bottleneck
from torch import Tensor, nn


class InPlaceBottleneck(nn.Module):
    """A bottleneck whose batch norms are folded. It overwrites its input.

    Args:
        block: with a convolution of stride 1 as its last, as all of MMPose's.
    """

    def __init__(self, block: Bottleneck) -> None:
        super().__init__()
        self.conv1, self.conv2 = block.conv1, block.conv2
        self.downsample: Optional[nn.Module] = block.downsample
        self.weight, self.bias = block.conv3.weight, block.conv3.bias

    def forward(self, x: Tensor) -> Tensor:
        """As the block.

        Args:
            x: ``(B, channels, height, width)``.
        """
        hidden = self.conv2(self.conv1(x).relu_()).relu_()
        total = x if self.downsample is None else self.downsample(x)
        total = total.contiguous(memory_format=torch.channels_last)
        rows = total.permute(0, 2, 3, 1).flatten(0, 2)
        rows.addmm_(
            hidden.permute(0, 2, 3, 1).flatten(0, 2), self.weight.flatten(1).t()
        )
        return total.add_(self.bias[:, None, None]).relu_()


def add_in_place(module: nn.Module) -> None:
    """Replace the bottlenecks in a module, except those whose input is somebody else's.

    Args:
        module: in evaluation mode, with folded batch norms. It is changed.
    """
    for sequence in module.modules():
        if not isinstance(sequence, nn.Sequential):
            continue
        for index, block in enumerate(sequence):
            # The first of a sequence may be given what others read, too.
            own = index > 0 or getattr(block, 'downsample', None) is not None
            if type(block) is Bottleneck and own and _plain(block):
                sequence[index] = InPlaceBottleneck(block)


def _plain(block: Bottleneck) -> bool:
    """Whether nothing but convolutions and activations is left of it."""
    norms = (block.norm1, block.norm2, block.norm3)
    return type(block.conv3) is nn.Conv2d and all(
        isinstance(norm, nn.Identity) for norm in norms
    )
