import warnings

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from ppt_mmpose.motion_files.euler_angles import continuous_angles


def matrices(angles, order='ZXY'):
    return Rotation.from_euler(order, angles, degrees=True).as_matrix()[:, None]


@pytest.mark.parametrize('order', ['ZXY', 'XYZ'])
def test_each_angle_goes_on_where_it_would_jump(order):
    """Also the second one through 90 degrees, where all three have another value."""
    steps = np.arange(40)[:, None] * [13.0, 0, 0]
    for about in range(3):
        angles = np.roll(steps, about, 1) + np.array([3, 2, 1])
        found = continuous_angles(matrices(angles, order), order)
        np.testing.assert_allclose(found[:, 0], angles, atol=1e-6)


def test_they_are_angles_of_the_rotations():
    rng = np.random.default_rng(0)
    turned = Rotation.random(60, random_state=rng).as_matrix().reshape(20, 3, 3, 3)
    angles = continuous_angles(turned, 'ZXY')
    back = Rotation.from_euler('ZXY', angles.reshape(-1, 3), degrees=True).as_matrix()
    np.testing.assert_allclose(back.reshape(turned.shape), turned, atol=1e-9)
    assert (np.abs(angles[0, :, 1]) <= 90).all()


def test_no_warning_at_90_degrees():
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        found = continuous_angles(matrices([[0, 90, 0]]), 'ZXY')
    np.testing.assert_allclose(matrices(found[0]), matrices([[0, 90, 0]]), atol=1e-9)
