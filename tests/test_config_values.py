import math

import pytest

from ppt_mmpose.config_values import (
    number_from,
    rates,
    sizes,
    whole_number,
    whole_numbers,
    yes_or_no,
)


def test_what_is_right_comes_back():
    assert whole_numbers('a', [1, 2]) == (1, 2)
    assert whole_number('a', -3) == -3
    assert whole_number('a', 4, least=4, most=4) == 4
    assert number_from('a', 0, 0) == 0.0
    assert number_from('a', 0.5, 0, below=1, or_equal=False) == 0.5
    assert yes_or_no('a', False) is False
    sizes(a=1, b=17)
    rates(a=0, b=0.99)


@pytest.mark.parametrize('wrong', [(True,), (3.0,), '(3,)', 3, None, [1, None]])
def test_sequences_of_whole_numbers(wrong):
    with pytest.raises(ValueError, match='a: expected a sequence of whole numbers'):
        whole_numbers('a', wrong)


@pytest.mark.parametrize('wrong', [True, 2.0, '2', None, (2,), 0, 6])
def test_whole_numbers(wrong):
    message = 'a: expected a whole number, 1 or more and at most 5, got '
    with pytest.raises(ValueError, match=message):
        whole_number('a', wrong, least=1, most=5)


@pytest.mark.parametrize('wrong', [math.nan, math.inf, -0.1])
def test_numbers(wrong):
    with pytest.raises(ValueError, match='a: expected a finite number, 0 or more, got'):
        number_from('a', wrong, 0)


def test_the_ends_of_a_range():
    with pytest.raises(ValueError, match='a: expected a finite number, above 0, got 0'):
        number_from('a', 0, 0, or_equal=False)
    with pytest.raises(ValueError, match='b: expected .* 0 or more and below 1, got 1'):
        rates(a=0.5, b=1)
    with pytest.raises(ValueError, match='b: expected a whole number, 1 or m'):
        sizes(a=1, b=0)


@pytest.mark.parametrize('wrong', [1, 0, 'no', None])
def test_true_or_false(wrong):
    with pytest.raises(ValueError, match='a: expected True or False, got'):
        yes_or_no('a', wrong)
