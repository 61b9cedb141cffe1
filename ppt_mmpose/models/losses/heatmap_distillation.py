"""The student's heatmaps learn from the teacher's (DPPT, equation 1).

Also those of keypoints that nobody labelled: the paper masks nothing.
"""

from mmpose.registry import MODELS
from torch import Tensor, nn

from .squared_difference import checked_reduction, checked_weight, squared_difference


@MODELS.register_module()
class HeatmapDistillation(nn.Module):
    """Squared difference of two models' heatmaps.

    Args:
        loss_weight: the paper's first lambda; relative to the weight of the loss of the
            student's head, which our configs of the published models set to 0.5.
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
            student: ``(B, J, height, width)``.
            teacher: as the student.

        Returns:
            A scalar.

        Raises:
            ValueError: if the two differ in shape.
        """
        return self.loss_weight * squared_difference(student, teacher, self.reduction)
