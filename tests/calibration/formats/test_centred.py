import numpy as np
import pytest

from ppt_mmpose.calibration.formats.centred import annotated_camera, simple_camera

# A quarter of a turn about z, from world to camera, and where the camera is.
TURN = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])
CENTRE = np.array([[1.0], [2], [3]])
LENS = dict(k=[[0.1], [0.2], [0.5]], p=[0.3, 0.4])


def expect_the_camera(record):
    np.testing.assert_array_equal(record.rotation, TURN)
    # -TURN @ (1, 2, 3)
    np.testing.assert_array_equal(record.translation, [2, -1, -3])
    np.testing.assert_array_equal(record.centre, [1, 2, 3])
    np.testing.assert_array_equal(
        record.intrinsics, [[900, 0, 510], [0, 905, 395], [0, 0, 1]]
    )
    np.testing.assert_array_equal(record.distortion, [0.1, 0.2, 0.3, 0.4, 0.5])


def test_the_spelling_of_mmpose():
    values = dict(R=TURN.T, T=CENTRE, f=[[900], [905]], c=[[510], [395]], **LENS)
    record = simple_camera({**values, 'w': 1000, 'h': 800}, 'a', 'here')
    expect_the_camera(record)
    assert record.image_size == (1000, 800)
    matrix = dict(K=[[900, 0, 510], [0, 905, 395]])
    expect_the_camera(simple_camera(dict(R=TURN.T, T=CENTRE, **matrix, **LENS), '', ''))


def test_the_spelling_of_the_released_annotations():
    values = dict(R=TURN, T=CENTRE, fx=[900], fy=[905], cx=[510], cy=[395], **LENS)
    expect_the_camera(annotated_camera(values, 'a', 'here'))


def test_six_radial_coefficients():
    values = dict(R=TURN, T=CENTRE, f=[1, 1], c=[0, 0], k=[1, 2, 3, 4, 5, 6], p=[7, 8])
    record = simple_camera(values, 'a', 'here')
    assert record.distortion.tolist() == [1, 2, 7, 8, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        (dict(k=[1, 2]), r'here: k: expected 3 or 6 numbers, got \[1.0, 2.0\]'),
        (dict(p=[1]), 'here: p: expected 2 numbers, got'),
        (dict(T=[1, 2]), 'here: T: expected 3 numbers, got'),
        (dict(R=[1, 2, 3]), r'here: R: expected 3 x 3 numbers, got \[1, 2, 3\]'),
        (dict(f='x'), "here: f: expected numbers, got 'x'"),
    ],
)
def test_what_is_wrong_is_named(changes, message):
    values = dict(R=TURN.T, T=CENTRE, f=[900, 905], c=[510, 395], **LENS)
    with pytest.raises(ValueError, match=message):
        simple_camera({**values, **changes}, 'a', 'here')


def test_without_lens_and_without_focal_length():
    values = dict(R=TURN.T, T=CENTRE, f=[900, 905], c=[510, 395])
    assert simple_camera(values, 'a', 'here').distortion.size == 0
    del values['f']
    with pytest.raises(ValueError, match='here: f is missing; there is R, T, c'):
        simple_camera(values, 'a', 'here')
