"""The shallow CNN of TokenPose-S and PPT-S ("stem-net", TokenPose section 4.1)."""

from typing import Optional, Sequence, Tuple

import torch
from mmpose.models.backbones.base_backbone import BaseBackbone
from mmpose.models.backbones.resnet import Bottleneck, ResLayer
from mmpose.registry import MODELS
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from ppt_mmpose.config_values import whole_numbers


@MODELS.register_module()
class ConvStem(BaseBackbone):
    """Two stride-2 convolutions and HRNet's first stage of four bottlenecks.

    Module names are those of MMPose's HRNet, so that weights of its stem load.

    Args:
        in_channels: channels of the image.
        channels: of the two convolutions; 64 in the released models. The bottlenecks
            have four times as many.
        dilations: of the bottlenecks, one after the other; four of 1 in the released
            models. Higher ones see more of the image for the same work.
        channels_last: compute with channels as the last dimension in memory; the
            numbers differ by rounding. On a CPU alone, where convolutions are faster
            with it, when None.
        norm_eval: keep batch norm in eval mode while training, as in MMPose's
            backbones; its statistics then stay those that were loaded.
        frozen: leave the loaded weights and statistics as they are; no gradients are
            computed.
        init_cfg: as in MMEngine. By default as released: every convolution from a
            normal distribution with a standard deviation of 0.001.
    """

    def __init__(
        self,
        in_channels: int = 3,
        *,
        channels: int = 64,
        dilations: Sequence[int] = (1, 1, 1, 1),
        channels_last: Optional[bool] = None,
        norm_eval: bool = False,
        frozen: bool = False,
        init_cfg: object = None,
    ) -> None:
        if init_cfg is None:
            init_cfg = [
                dict(type='Normal', std=0.001, layer=['Conv2d']),
                dict(type='Constant', val=1, layer=['_BatchNorm']),
            ]
        super().__init__(init_cfg=init_cfg)
        self.norm_eval = norm_eval or frozen
        self.channels_last = channels_last
        self.conv1 = nn.Conv2d(
            in_channels, channels, 3, stride=2, padding=1, bias=False
        )
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, stride=2, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.layer1 = _bottlenecks(channels, whole_numbers('dilations', dilations))
        self.requires_grad_(not frozen)

    def train(self, mode: bool = True) -> 'ConvStem':
        """Switch to training mode, leaving batch norm behind if so configured."""
        super().train(mode)
        if self.norm_eval:
            for layer in self.modules():
                if isinstance(layer, _BatchNorm):
                    layer.eval()
        return self

    def forward(self, images: Tensor) -> Tuple[Tensor]:
        """Features at a stride of 4.

        Args:
            images: ``(B, in_channels, height, width)``.

        Returns:
            One tensor ``(B, 4 * channels, height / 4, width / 4)``.
        """
        wanted = self.channels_last
        if images.device.type == 'cpu' if wanted is None else wanted:
            images = images.contiguous(memory_format=torch.channels_last)
        x = self.relu(self.bn1(self.conv1(images)))
        x = self.relu(self.bn2(self.conv2(x)))
        return (self.layer1(x),)


def _bottlenecks(channels: int, dilations: Sequence[int]) -> nn.Sequential:
    wide = 4 * channels
    layers = [
        ResLayer(Bottleneck, 1, wide if index else channels, wide, dilation=dilation)
        for index, dilation in enumerate(dilations)
    ]
    return nn.Sequential(*(block for layer in layers for block in layer))
