import pytest
import torch

from ppt_mmpose.models.losses.squared_difference import (
    checked_reduction,
    checked_weight,
    squared_difference,
)

STUDENT = torch.tensor([[1.0, 2.0, 3.0], [0.0, 0.0, 1.0]])
TEACHER = torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])


def test_the_mean_is_over_all_values():
    assert squared_difference(STUDENT, TEACHER, 'mean').item() == pytest.approx(14 / 6)


def test_the_sum_is_that_of_a_sample():
    assert squared_difference(STUDENT, TEACHER, 'sum').item() == 7.0


@pytest.mark.parametrize('reduction', ['mean', 'sum'])
def test_a_batch_twice_gives_the_same(reduction):
    once = squared_difference(STUDENT, TEACHER, reduction)
    twice = squared_difference(STUDENT.repeat(2, 1), TEACHER.repeat(2, 1), reduction)
    assert twice == once


def test_other_shapes_are_refused():
    # Broadcasting would compare something.
    with pytest.raises(ValueError, match=r'got \(2, 3\) of the student and \(1, 3\)'):
        squared_difference(STUDENT, TEACHER[:1], 'mean')


def test_what_a_term_cannot_be():
    for weight in (0, float('nan'), float('inf')):
        with pytest.raises(ValueError, match=f'finite number above 0, got {weight}; N'):
            checked_weight(weight)
    with pytest.raises(ValueError, match="reduction: expected one of .*, got 'none'"):
        checked_reduction('none')
