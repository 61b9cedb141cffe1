import pytest

from ppt_mmpose.calibration import read_calibration, write_calibration

TEXT = """
[int_cam1_img]
name = "int_cam1_img"
size = [ 1088.0, 1920.0]
matrix = [ [ 1684.5, 0.0, 543.5], [ 0.0, 1683.25, 959.5], [ 0.0, 0.0, 1.0]]
distortions = [ -0.04, 0.12, 0.003, -0.002]
rotation = [ 0.0, 3.141592653589793, 0.0]
translation = [ 0.3, 0.9, 2.95]
fisheye = false

[metadata]
adjusted = false
error = 0.0
"""


def test_reads_metres_and_titles_of_any_kind(tmp_path):
    path = tmp_path / 'Calib_scene.toml'
    path.write_text(TEXT)
    read = read_calibration(path)
    assert read.names == ('int_cam1_img',)
    assert read.image_sizes == ((1088, 1920),)
    assert read.cameras.translation.tolist() == [[0.3, 0.9, 2.95]]
    assert read.cameras.distortion[0, :5].tolist() == [-0.04, 0.12, 0.003, -0.002, 0]
    half_turn = read.cameras.rotation[0].numpy().round(12)
    assert half_turn.tolist() == [[-1, 0, 0], [0, 1, 0], [0, 0, -1]]


def test_round_trip(tmp_path, made_up):
    ring = made_up.ring(distortion=(-0.2, 0.1, 0.001, -0.002))
    path = tmp_path / 'Calib.toml'
    write_calibration(ring, path, format='pose2sim')
    made_up.expect_equal(read_calibration(path), ring)
    text = path.read_text()
    assert '[cam_01]' in text
    assert '1000.0' in text
    assert text.count('fisheye = false') == 4


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        (dict(distortion=(0, 0, 0, 0, 0.1)), "camera 'cam0': .* got k3 = 0.1"),
        (dict(skew=0.5), "skew of camera 'cam0': expected 0"),
        (dict(size=None), "image size of camera 'cam0'"),
    ],
)
def test_what_it_cannot_hold(tmp_path, made_up, changes, message):
    path = tmp_path / 'Calib.toml'
    with pytest.raises(ValueError, match=message):
        write_calibration(made_up.ring(**changes), path, format='pose2sim')


def test_fisheye_is_refused(tmp_path):
    path = tmp_path / 'Calib.toml'
    path.write_text(TEXT.replace('fisheye = false', 'fisheye = true'))
    with pytest.raises(ValueError, match="table 'int_cam1_img': fisheye: expected a l"):
        read_calibration(path)
