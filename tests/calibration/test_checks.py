import re
from dataclasses import replace

import numpy as np
import pytest

from ppt_mmpose.calibration.checks import checked_calibration
from ppt_mmpose.calibration.record import CameraRecord


@pytest.fixture
def record():
    return CameraRecord(
        'left',
        np.array([[900.0, 0, 500], [0, 900, 400], [0, 0, 1]]),
        np.eye(3),
        np.array([0.0, 0, 4]),
        np.zeros(5),
        (1000, 800),
    )


def refused(record, message):
    with pytest.raises(ValueError, match="^f.toml, camera 'left': " + message):
        checked_calibration([record], 'f.toml', 'm')


def test_a_printed_rotation_becomes_an_exact_one(record):
    angle = 0.7
    exact = np.array(
        [
            [np.cos(angle), -np.sin(angle), 0],
            [np.sin(angle), np.cos(angle), 0],
            [0, 0, 1],
        ]
    )
    printed = replace(record, rotation=exact.round(4))
    read = checked_calibration([printed], 'f.toml', 'm').cameras.rotation[0].numpy()
    assert np.abs(read @ read.T - np.eye(3)).max() < 1e-14
    assert np.abs(read - exact).max() < 1e-4


def test_what_is_no_rotation(record):
    refused(
        replace(record, rotation=np.diag([1.0, 1, 1.01])),
        r'rotation: expected an orthonormal matrix, got one of which R R\^T differs '
        'from the identity by 0.02$',
    )


def test_a_mirror_is_told(record):
    refused(
        replace(record, rotation=np.diag([1.0, -1, 1])),
        'rotation: expected the determinant 1, got -1: the matrix mirrors',
    )


@pytest.mark.parametrize(
    ('place', 'value', 'message'),
    [
        ((0, 0), 0, 'intrinsics: expected focal lengths above 0, got 0.0 and 900.0'),
        ((1, 1), -9, 'intrinsics: expected focal lengths above 0, got 900.0 and -9.0'),
        ((2, 2), 2, re.escape('intrinsics: expected [[fx, skew, cx], [0, fy, cy], [')),
        ((1, 0), 1, re.escape('intrinsics: expected [[fx, skew, cx], [0, fy, cy], [')),
        (
            (0, 2),
            1000,
            r'principal point: .* in the image of 1000 x 800 px, got \(1000',
        ),
        ((1, 2), 0, r'principal point: .* in the image of 1000 x 800 px, got \(500, 0'),
        ((0, 0), np.nan, 'intrinsics: expected finite numbers, got'),
    ],
)
def test_intrinsics(record, place, value, message):
    intrinsics = record.intrinsics.copy()
    intrinsics[place] = value
    refused(replace(record, intrinsics=intrinsics), message)


def test_no_size_no_check_of_the_principal_point(record):
    intrinsics = record.intrinsics.copy()
    intrinsics[0, 2] = 5000
    read = checked_calibration(
        [replace(record, intrinsics=intrinsics, image_size=None)], 'f.toml', 'm'
    )
    assert read.image_sizes == (None,)


def test_distortion(record):
    fourteen = np.arange(14.0)
    fourteen[12:] = 0
    read = checked_calibration([replace(record, distortion=fourteen)], 'f.toml', 'm')
    assert read.cameras.distortion.tolist() == [list(range(12))]
    refused(
        replace(record, distortion=np.arange(14.0)),
        r'distortion: expected the 12 coefficients .* s4, got also \[12.0, 13.0\]',
    )


def test_units_and_counts(record):
    read = checked_calibration([record], 'f.toml', 'mm')
    assert read.cameras.translation.tolist() == [[0, 0, 0.004]]
    with pytest.raises(ValueError, match='f.toml: expected at least one camera, got'):
        checked_calibration([], 'f.toml', 'mm')
    with pytest.raises(ValueError, match=r"expected each camera once, got twice \['l"):
        checked_calibration([record, record], 'f.toml', 'mm')
