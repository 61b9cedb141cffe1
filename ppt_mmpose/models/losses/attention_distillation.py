"""The student's keypoints learn where the teacher's look (DPPT, equation 2)."""

from typing import Optional, Sequence, Tuple

import torch
from mmpose.registry import MODELS
from torch import Tensor, nn

from ppt_mmpose.config_values import one_of, whole_numbers
from ppt_mmpose.tokens import KeypointAttention

from .squared_difference import checked_reduction, checked_weight, squared_difference

READINGS = ('kept', 'zeros')


@MODELS.register_module()
class AttentionDistillation(nn.Module):
    """Squared difference of keypoint attention to patches, summed over blocks.

    Once the student has pruned, its map has fewer columns than the teacher's. With
    ``'kept'``, the teacher's columns of the same patches are compared. With
    ``'zeros'``, the student's map is zero where it pruned, as the paper's ``J x N``
    maps say literally. Which patches are kept has no gradient, so the zeros are
    constants: they add to the loss and teach nothing. Gradients of a block with K of N
    patches left are equal with ``reduction='sum'``, and K / N of those of ``'kept'``
    with ``'mean'``.

    Rows of both are what a softmax over all tokens gives; the student's run over fewer
    tokens, so where the teacher looks at pruned patches the loss cannot become zero.

    Args:
        loss_weight: the paper's second lambda; relative to the weight of the loss of
            the student's head. Squares of attention are tiny beside those of heatmaps:
            a row sums to 1 over all patches.
        reduction: of a block: ``'mean'`` or ``'sum'``, see
            :func:`~ppt_mmpose.models.losses.squared_difference.squared_difference`.
            Blocks are summed in both.
        pruned: ``'kept'`` or ``'zeros'``.
        layer_map: pairs of a 0-based block of the student and that of the teacher which
            it learns from; None for models of the same depth, block by block.

    Raises:
        ValueError: for a value that cannot be, or a block of the student named twice.
    """

    def __init__(
        self,
        *,
        loss_weight: float = 1.0,
        reduction: str = 'mean',
        pruned: str = 'kept',
        layer_map: Optional[Sequence[Tuple[int, int]]] = None,
    ) -> None:
        super().__init__()
        self.loss_weight = checked_weight(loss_weight)
        self.reduction = checked_reduction(reduction)
        self.pruned = one_of('pruned', pruned, READINGS)
        self.layer_map = None if layer_map is None else _pairs(layer_map)

    def forward(
        self,
        student: Sequence[KeypointAttention],
        teacher: Sequence[KeypointAttention],
    ) -> Tensor:
        """The loss.

        Args:
            student: of its blocks, each ``(B, J, J + K)`` with its source.
            teacher: of the blocks to compare with, in the same order, each
                ``(B, J, J + N)``, nothing pruned.

        Returns:
            A scalar.

        Raises:
            ValueError: if the two differ in keypoints or, unpruned, in patches.
        """
        blocks = [self._of_block(*pair) for pair in zip(student, teacher)]
        return self.loss_weight * torch.stack(blocks).sum()

    def _of_block(
        self, student: KeypointAttention, teacher: KeypointAttention
    ) -> Tensor:
        joints = student.attention.shape[1]
        ours = student.attention[..., joints:]
        theirs = teacher.attention[..., joints:]
        if ours.shape[-1] < theirs.shape[-1]:
            source = student.source[:, None].expand_as(ours)
            if self.pruned == 'kept':
                theirs = theirs.gather(2, source)
            else:
                ours = torch.zeros_like(theirs).scatter(2, source, ours)
        return squared_difference(ours, theirs, self.reduction)


def _pairs(layer_map: Sequence[Tuple[int, int]]) -> Tuple[Tuple[int, int], ...]:
    pairs = tuple(whole_numbers('layer_map', pair, length=2) for pair in layer_map)
    students = [student for student, _ in pairs]
    if not pairs or len(set(students)) < len(students):
        raise ValueError(
            'layer_map: expected pairs (block of the student, block of the teacher), '
            f'each block of the student once, got {layer_map}'
        )
    return pairs
