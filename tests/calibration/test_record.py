import re
from dataclasses import replace

import numpy as np
import pytest

from ppt_mmpose.calibration.record import CameraRecord, records_of


@pytest.fixture
def record():
    """A camera that looks along z, and lies on its side."""
    return CameraRecord(
        'left',
        np.array([[900.0, 0, 500], [0, 910, 400], [0, 0, 1]]),
        np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]]),
        np.array([1.0, 2, 3]),
        np.array([0.1, 0.2, 0.3, 0.4, 0.5]),
        (1000, 800),
    )


def test_centre(record):
    assert record.centre.tolist() == [-2, 1, -3]


def test_coefficients_are_filled_up_or_cut_where_nothing_is_lost(record):
    assert record.coefficients(5).tolist() == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert record.coefficients(8).tolist() == [0.1, 0.2, 0.3, 0.4, 0.5, 0, 0, 0]
    two = replace(record, distortion=np.array([0.1, 0.2, 0, 0, 0]))
    assert two.coefficients(2).tolist() == [0.1, 0.2]


def test_coefficients_that_would_be_lost_are_named(record):
    with pytest.raises(
        ValueError,
        match="^distortion of camera 'left': expected at most k1 k2 p1, which is what "
        'the format holds, got p2 = 0.4, k3 = 0.5$',
    ):
        record.coefficients(3)


def test_sizes_that_must_be_known(record):
    assert record.known_size() == (1000, 800)
    with pytest.raises(
        ValueError,
        match=re.escape(
            "image size of camera 'left': expected (width, height), which the format "
            'cannot do without, got None'
        ),
    ):
        replace(record, image_size=None).known_size()


def test_skew(record):
    assert record.without_skew() == (900, 910, 500, 400)
    record.intrinsics[0, 1] = 2
    with pytest.raises(
        ValueError,
        match="^skew of camera 'left': expected 0, because the format holds none, "
        'got 2.0$',
    ):
        record.without_skew()


def test_records_of_a_calibration_are_in_the_unit(made_up):
    ring = made_up.ring(2, distortion=(-0.1,))
    first, second = records_of(ring, 'cm')
    assert (first.name, second.name) == ('cam0', 'cam1')
    assert second.image_size == (1000, 800)
    cameras = ring.cameras
    np.testing.assert_array_equal(second.rotation, cameras.rotation[1])
    np.testing.assert_array_equal(second.intrinsics, cameras.intrinsics[1])
    np.testing.assert_allclose(second.translation, 100 * cameras.translation[1])
    assert second.distortion.tolist() == [-0.1] + [0] * 11
