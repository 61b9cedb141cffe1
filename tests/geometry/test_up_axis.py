from itertools import product

import numpy as np
import pytest

from ppt_mmpose.geometry.up_axis import UP_AXES, turn_up, up_vector


@pytest.mark.parametrize(('up', 'onto'), product(UP_AXES, UP_AXES))
def test_a_proper_rotation_brings_one_onto_the_other(up, onto):
    matrix = turn_up(up, onto)
    assert (matrix @ matrix.T == np.eye(3)).all()
    assert np.linalg.det(matrix) == pytest.approx(1)
    assert (matrix @ up_vector(up) == up_vector(onto)).all()
    # A quarter turn has trace 1, half a turn -1.
    trace = 3 if up == onto else -1 if up[1] == onto[1] else 1
    assert np.trace(matrix) == trace


def test_by_hand():
    assert (up_vector('-z') == [0, 0, -1]).all()
    assert (turn_up('+z', '+y') @ [1, 2, 3] == [1, 3, -2]).all()
    assert (turn_up('-y', '+y') @ [1, 2, 3] == [1, -2, -3]).all()
    assert (turn_up('+x', '+y') @ [1, 2, 3] == [-2, 1, 3]).all()
    assert (turn_up('-x', '+x') @ [1, 2, 3] == [-1, -2, 3]).all()


@pytest.mark.parametrize('up', ['z', '+w', '', 'up'])
def test_what_is_no_axis_is_named(up):
    with pytest.raises(ValueError, match=r'up: expected one of \+x, -x, \+y.* got'):
        turn_up(up, '+y')
