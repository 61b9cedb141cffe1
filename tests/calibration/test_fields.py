import re

import numpy as np
import pytest

from ppt_mmpose.calibration.fields import Fields


def refused(message):
    return pytest.raises(ValueError, match='^' + re.escape(f'f, camera 1: {message}'))


def fields(**values):
    return Fields(values, 'f, camera 1')


def test_values_need_names():
    with refused('expected named values, got [1, 2]'):
        Fields([1, 2], 'f, camera 1')
    assert 'K' in fields(K=1)
    assert 'k' not in fields(K=1)


def test_what_is_not_known():
    fields(a=1, b=2).expect_only(('a', 'b', 'c'))
    with refused('expected no more than a, c, got b, d'):
        fields(d=1, b=2, a=3).expect_only(('c', 'a'))


def test_the_first_that_is_there():
    assert fields(R=1, rvec=2).first('rotation', 'rvec', 'R') == 'rvec'
    with refused('rotation or R is missing; there is K, T'):
        fields(K=1, T=2).first('rotation', 'R')
    with refused('K is missing; there is nothing'):
        fields().matrix('K')


def test_matrices():
    matrix = fields(K=[[1, 2, 3], [4, 5, 6]]).matrix('K', 2, 3)
    assert matrix.dtype == np.float64
    assert matrix.tolist() == [[1, 2, 3], [4, 5, 6]]
    with refused('K: expected 3 x 3 numbers, got [[1, 2, 3], [4, 5, 6]]'):
        fields(K=[[1, 2, 3], [4, 5, 6]]).matrix('K')
    with refused('K: expected 2 x 2 numbers, got [[0.0, 0.0]]'):
        fields(K=np.zeros((1, 2))).matrix('K', 2, 2)
    with refused('K: expected numbers, got [[1, 2], [3]]'):
        fields(K=[[1, 2], [3]]).matrix('K', 2, 2)


@pytest.mark.parametrize('value', [[1, 2, 3], [[1], [2], [3]], [[1, 2, 3]]])
def test_vectors_are_rows_columns_or_plain(value):
    assert fields(T=value).vector('T', 3).tolist() == [1, 2, 3]


def test_what_is_no_vector():
    with refused('T: expected a vector, got [[1, 2], [3, 4]]'):
        fields(T=[[1, 2], [3, 4]]).vector('T')
    with refused('T: expected 3 numbers, got [1, 2]'):
        fields(T=[1, 2]).vector('T', 3)
    with refused("T: expected numbers, got 'far'"):
        fields(T='far').vector('T')
    assert fields(k=[]).vector('k').tolist() == []


def test_numbers():
    assert fields(fx=[[900]]).number('fx') == 900.0
    with refused('fx: expected 1 numbers, got [1, 2]'):
        fields(fx=[1, 2]).number('fx')


def test_rotations_from_matrices_and_vectors():
    quarter = [[0, -1, 0], [1, 0, 0], [0, 0, 1]]
    assert fields(R=quarter).rotation('rotation', 'R').tolist() == quarter
    for vector in ([0, 0, np.pi / 2], [[0], [0], [np.pi / 2]]):
        np.testing.assert_allclose(fields(R=vector).rotation('R'), quarter, atol=1e-15)
    with refused('R: expected 3 x 3 numbers or a Rodrigues vector of 3, got [1, 2]'):
        fields(R=[1, 2]).rotation('R')
    with refused('R: expected finite numbers, got [nan, 0, 0]'):
        fields(R=[np.nan, 0, 0]).rotation('R')


def test_sizes():
    assert fields(size=[1000.0, 800.0]).size('size') == (1000, 800)
    assert fields(w=1000, h=800).size('w', 'h') == (1000, 800)
    assert fields(K=1).size('w', 'h') is None
    with refused('h is missing; there is w'):
        fields(w=1000).size('w', 'h')
    with refused('size: expected width and height in px, got [1000.5, 800.0]'):
        fields(size=[1000.5, 800]).size('size')
    with refused('w and h: expected width and height in px, got [0.0, 800.0]'):
        fields(w=0, h=800).size('w', 'h')


def test_fisheyes():
    fields(fisheye=False).refuse_fisheye('fisheye')
    fields().refuse_fisheye('fisheye')
    with refused(
        'fisheye: expected a lens with polynomial distortion, got a fisheye '
        '(fisheye = 1); undistort the images and give the calibration of the '
        'undistorted ones'
    ):
        fields(fisheye=1).refuse_fisheye('fisheye')
