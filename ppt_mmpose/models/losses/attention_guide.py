"""A loss that tells keypoint tokens where to look, for short trainings.

Not in the papers. When heatmaps are all that it is told, a keypoint token takes long to
find the patches of its joint: attention that is spread evenly says little to the later
layers. This loss compares the keypoint's attention with its target heatmap, summed over
patches. It is a matter of training alone: the model and its weights stay the same.
"""

from typing import Optional, Sequence, Tuple

import torch
from mmpose.registry import MODELS
from torch import Tensor, nn
from torch.nn import functional as F

from ppt_mmpose.config_values import number, whole_numbers
from ppt_mmpose.tokens import KeypointAttention

TINY = 1e-6


@MODELS.register_module()
class AttentionGuide(nn.Module):
    """Cross entropy between the target's share of each patch and the attention to it.

    Attention that goes to other keypoints counts as missed. Where a block sees no more
    than the patches that were kept, only those are compared. Where it sees several
    views together, a keypoint is to look at its joint in all of them alike.

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
        places: Optional[Tensor] = None,
    ) -> Tensor:
        """The loss.

        Args:
            attention: of the blocks, each ``(B, J, J + N)`` with its source; of a block
                that sees V views together ``(B, V * J, V * J + V * N)``.
            heatmaps: targets ``(n, J, height, width)`` of n samples; n is B without
                views.
            weights: of the keypoints, ``(n, J)``; 0 where there is no label.
            grid: rows and columns of patches.
            places: ``(B, V)``, see `join_views`; needed where a block sees several
                views together.

        Returns:
            A scalar.
        """
        rows, columns = grid
        share = F.adaptive_avg_pool2d(heatmaps, (rows, columns)).flatten(2)
        share = share / (share.sum(-1, keepdim=True) + TINY)
        of_views = None if places is None else _of_all_views(share, weights, places)
        losses = []
        for seen in attention:
            alone = seen.attention.shape[:2] == share.shape[:2]
            target = (share, weights) if alone or of_views is None else of_views
            losses.append(self._of_block(seen, *target) / weights.numel())
        return self.loss_weight * torch.stack(losses).mean()

    @staticmethod
    def _of_block(seen: KeypointAttention, share: Tensor, weights: Tensor) -> Tensor:
        keypoints = share.shape[1]
        source = seen.source[:, None].expand(-1, keypoints, -1)
        there = share.gather(2, source)
        looks = (seen.attention[..., keypoints:] + TINY).log()
        return -((there * looks).sum(-1) * weights).sum()


def _of_all_views(
    share: Tensor, weights: Tensor, places: Tensor
) -> Tuple[Tensor, Tensor]:
    """Targets and weights where V views are one sequence.

    Returns:
        ``(B, V * J, V * N)`` and ``(B, V * J)``.
    """
    there = (places >= 0)[..., None]
    index = places.clamp(min=0)
    weights = weights[index] * there  # (B, V, J)
    # A joint is looked for where it is labelled.
    joints = (share[index] * (weights > 0)[..., None]).transpose(1, 2).flatten(2)
    joints = joints / (joints.sum(-1, keepdim=True) + TINY)
    every_view = joints[:, None].expand(-1, places.shape[1], -1, -1).flatten(1, 2)
    return every_view, weights.flatten(1)
