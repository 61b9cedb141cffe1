"""The student's keypoint tokens learn from the teacher's.

DPPT's abstract names joint features beside attention maps, and its equations have no
term for them. Here it is the same squared difference as that of the heatmaps.
"""

from mmpose.registry import MODELS
from torch import Tensor, nn

from .squared_difference import checked_reduction, checked_weight, squared_difference


@MODELS.register_module()
class TokenDistillation(nn.Module):
    """Squared difference of two models' keypoint tokens, as their heads get them.

    Args:
        loss_weight: factor.
        reduction: ``'mean'`` or ``'sum'``, see
            :func:`~ppt_mmpose.models.losses.squared_difference.squared_difference`.

    Raises:
        ValueError: if the weight is not above 0, or for another reduction.
    """

    def __init__(self, *, loss_weight: float = 1.0, reduction: str = 'mean') -> None:
        super().__init__()
        self.loss_weight = checked_weight(loss_weight)
        self.reduction = checked_reduction(reduction)

    def forward(self, student: Tensor, teacher: Tensor) -> Tensor:
        """The loss.

        Args:
            student: ``(B, J, S * C)``.
            teacher: as the student.

        Returns:
            A scalar.

        Raises:
            ValueError: if the two differ in shape.
        """
        return self.loss_weight * squared_difference(student, teacher, self.reduction)
