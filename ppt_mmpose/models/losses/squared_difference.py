"""The squared difference of teacher and student, which every term is made of."""

import math

from torch import Tensor
from torch.nn import functional as F

from ppt_mmpose.config_values import number, one_of

REDUCTIONS = ('mean', 'sum')


def squared_difference(student: Tensor, teacher: Tensor, reduction: str) -> Tensor:
    """Mean of the squares, or their sum over a sample.

    The paper (DPPT, equations 1 and 2) writes a square and does not say which.

    Args:
        student: ``(B, ...)``.
        teacher: as the student.
        reduction: ``'mean'`` over all values, or ``'sum'`` over those of a sample, of
            which the mean over the batch is taken.

    Returns:
        A scalar. It stays the same when a batch is repeated.

    Raises:
        ValueError: if the two differ in shape.
    """
    if student.shape != teacher.shape:
        raise ValueError(
            'distillation: expected the same shape of both, got '
            f'{tuple(student.shape)} of the student and {tuple(teacher.shape)} of the '
            'teacher'
        )
    if reduction == 'mean':
        return F.mse_loss(student, teacher)
    return F.mse_loss(student, teacher, reduction='sum') / len(student)


def checked_weight(loss_weight: float) -> float:
    """The weight of a term.

    Raises:
        ValueError: if it is not above 0 and finite.
    """
    weight = number('loss_weight', loss_weight)
    if not 0 < weight < math.inf:
        raise ValueError(
            f'loss_weight: expected a finite number above 0, got {loss_weight}; None '
            'in the place of the whole term leaves it out'
        )
    return weight


def checked_reduction(reduction: str) -> str:
    """A way to reduce squares to a number.

    Raises:
        ValueError: if it is another.
    """
    return one_of('reduction', reduction, REDUCTIONS)
