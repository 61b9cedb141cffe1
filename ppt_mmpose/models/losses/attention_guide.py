"""A loss that tells keypoint tokens where to look, for short trainings.

Not in the papers. When heatmaps are all that it is told, a keypoint token takes long to
find the patches of its joint: attention that is spread evenly says little to the later
layers. This loss compares the keypoint's attention with its target heatmap, summed over
patches. It is a matter of training alone: the model and its weights stay the same.
"""

from typing import Sequence

import torch
from mmpose.registry import MODELS
from torch import Tensor, nn
from torch.nn import functional as F

from ppt_mmpose.tokens import KeypointAttention

from ..config_values import number, whole_numbers

TINY = 1e-6


@MODELS.register_module()
class AttentionGuide(nn.Module):
    """Cross entropy between the target's share of each patch and the attention to it.

    Attention that goes to other keypoints counts as missed. Where a block sees no more
    than the patches that were kept, only those are compared.

    Args:
        blocks: 0-based blocks whose attention is guided.
        loss_weight: factor on the mean over blocks, keypoints and samples.

    Raises:
        ValueError: if there are no blocks, or the weight is not above 0.
    """

    def __init__(self, blocks: Sequence[int], *, loss_weight: float = 1.0) -> None:
        super().__init__()
        self.blocks = whole_numbers('blocks', blocks)
        self.loss_weight = number('loss_weight', loss_weight)
        if not self.blocks:
            raise ValueError('blocks: expected at least one block, got none')
        if self.loss_weight <= 0:
            raise ValueError(f'loss_weight: expected above 0, got {loss_weight}')

    def forward(
        self,
        attention: Sequence[KeypointAttention],
        heatmaps: Tensor,
        weights: Tensor,
        *,
        grid: Sequence[int],
    ) -> Tensor:
        """The loss.

        Args:
            attention: of the blocks, each ``(B, J, J + N)`` with its source.
            heatmaps: targets ``(B, J, height, width)``.
            weights: of the keypoints, ``(B, J)``; 0 where there is no label.
            grid: rows and columns of patches.

        Returns:
            A scalar.
        """
        rows, columns = grid
        share = F.adaptive_avg_pool2d(heatmaps, (rows, columns)).flatten(2)
        share = share / (share.sum(-1, keepdim=True) + TINY)
        return (
            self.loss_weight
            * torch.stack(
                [self._of_block(seen, share, weights) for seen in attention]
            ).mean()
        )

    @staticmethod
    def _of_block(seen: KeypointAttention, share: Tensor, weights: Tensor) -> Tensor:
        keypoints = share.shape[1]
        source = seen.source[:, None].expand(-1, keypoints, -1)
        there = share.gather(2, source)
        looks = (seen.attention[..., keypoints:] + TINY).log()
        return -((there * looks).sum(-1) * weights).mean()
