import pytest

from ppt_mmpose.calibration import read_calibration, write_calibration

TEXT = """7
2400.5 0.0 1022.0
0.0 2401.5 767.0
0.0 0.0 1.0
0.1 0.2
0.0 -1.0 0.0 1.0
1.0 0.0 0.0 2.0
0.0 0.0 1.0 3.0

"""


def written(tmp_path, text):
    path = tmp_path / 'Parameters.txt'
    path.write_text(text)
    return path


def test_reads_pose_after_distortion(tmp_path):
    read = read_calibration(written(tmp_path, TEXT + TEXT.replace('7\n', '8\n', 1)))
    assert read.names == ('7', '8')
    assert read.image_sizes == (None, None)
    assert read.cameras.intrinsics.diagonal(dim1=-2, dim2=-1)[..., :2][0].tolist() == [
        2400.5,
        2401.5,
    ]
    assert read.cameras.distortion[0, :3].tolist() == [0.1, 0.2, 0]
    assert read.cameras.translation[0].tolist() == [1, 2, 3]
    assert read.cameras.rotation[0].tolist() == [[0, -1, 0], [1, 0, 0], [0, 0, 1]]


def test_units_that_have_no_name(tmp_path):
    read = read_calibration(written(tmp_path, TEXT), unit=0.5)
    assert read.cameras.translation[0].tolist() == [0.5, 1, 1.5]


def test_real_cameras(six_view, made_up):
    read = read_calibration(six_view / '3DOH50K_Parameters.txt')
    assert read.names == ('0', '1', '2', '3', '4', '5')
    assert read.cameras.translation[0, 2] == 26.467684858689605


def test_round_trip_but_for_the_sizes(tmp_path, made_up):
    ring = made_up.ring(distortion=(-0.2, 0.1), skew=0.5)
    path = tmp_path / 'cameras.txt'
    write_calibration(ring, path)
    made_up.expect_equal(read_calibration(path), ring, sizes=False)


@pytest.mark.parametrize(
    ('old', 'new', 'message'),
    [
        ('0.1 0.2', '0.1 0.2 0.3', 'Parameters.txt, line 5: expected 2 values, got 3'),
        ('2401.5', 'x', 'Parameters.txt, line 3: could not convert string'),
        ('0.0 0.0 1.0 3.0\n', '', 'expected 8 lines for each camera, got 7 in all'),
    ],
)
def test_what_is_wrong_is_named(tmp_path, old, new, message):
    with pytest.raises(ValueError, match=message):
        read_calibration(written(tmp_path, TEXT.replace(old, new)), format='krt_text')


def test_what_it_cannot_hold(tmp_path, made_up):
    path = tmp_path / 'cameras.txt'
    with pytest.raises(ValueError, match="camera 'cam0': .*got p1 = 0.1"):
        write_calibration(made_up.ring(distortion=(0, 0, 0.1)), path)
    ring = made_up.ring(1)
    object.__setattr__(ring, 'names', ('left camera',))
    with pytest.raises(ValueError, match="'left camera': expected one word"):
        write_calibration(ring, path)
