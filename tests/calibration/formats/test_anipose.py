import re

import pytest

from ppt_mmpose.calibration import read_calibration, write_calibration

FREEMOCAP = """
[cam_0]
name = "Cam1"
size = [ 720, 1280,]
matrix = [ [ 900.5, 0.0, 359.5,], [ 0.0, 901.5, 639.5,], [ 0.0, 0.0, 1.0,],]
distortions = [ -0.25, 0.0, 0.0, 0.0, 0.0,]
rotation = [ 0.0, 0.0, 1.5707963267948966,]
translation = [ -2500.0, 640.0, 1000.0,]
world_position = [ 640.0, 2500.0, -1000.0,]

[metadata]
charuco_square_size = 58.0
"""


def written(tmp_path, text):
    path = tmp_path / 'calibration.toml'
    path.write_text(text)
    return path


def test_reads_millimetres_and_rodrigues_vectors(tmp_path):
    read = read_calibration(written(tmp_path, FREEMOCAP))
    assert read.names == ('Cam1',)
    assert read.image_sizes == ((720, 1280),)
    assert read.cameras.intrinsics[0].tolist() == [
        [900.5, 0, 359.5],
        [0, 901.5, 639.5],
        [0, 0, 1],
    ]
    assert read.cameras.distortion[0, :2].tolist() == [-0.25, 0]
    assert read.cameras.translation.tolist() == [[-2.5, 0.64, 1.0]]
    # A quarter of a turn takes x to y, so the camera is at (-y, x, -z) of -t.
    expected = [[0, -1, 0], [1, 0, 0], [0, 0, 1]]
    assert (read.cameras.rotation[0].numpy() - expected).__abs__().max() < 1e-15
    assert read.cameras.centres[0].numpy() == pytest.approx([-0.64, -2.5, -1.0])


def test_another_unit(tmp_path):
    read = read_calibration(written(tmp_path, FREEMOCAP), unit='cm')
    assert read.cameras.translation.tolist() == [[-25, 6.4, 10]]


def test_round_trip(tmp_path, made_up):
    ring = made_up.ring(distortion=(-0.2, 0.1, 0.001, -0.002, 0.03), skew=0.5)
    path = tmp_path / 'deeper' / 'a.toml'
    write_calibration(ring, path, format='anipose')
    made_up.expect_equal(read_calibration(path), ring)
    assert '[cam_3]' in path.read_text()


@pytest.mark.parametrize(
    ('old', 'new', 'message'),
    [
        ('matrix', 'matrices', "table 'cam_0': expected no more than .*got matrices"),
        (
            '0.0, 901.5, 639.5',
            '0.0, 901.5',
            "calibration.toml, table 'cam_0': matrix: expected numbers, got",
        ),
        ('[ -0.25,', '[ "a",', "'cam_0': distortions: expected numbers, got"),
        ('640.0, 1000.0,]', '640.0,]', 'translation: expected 3 numbers, got'),
        ('720, 1280,', '720, 0,', r'size: expected width and height in px, got \[72'),
        (
            'name = "Cam1"',
            'fisheye = true',
            'fisheye: expected a lens with polynomial distortion, got a fisheye',
        ),
        ('[cam_0]', '[cam_0', 'calibration.toml: expected TOML: '),
    ],
)
def test_what_is_wrong_is_named(tmp_path, old, new, message):
    path = written(tmp_path, FREEMOCAP.replace(old, new))
    with pytest.raises(ValueError, match=message):
        read_calibration(path, format='anipose')


def test_a_camera_without_name_is_called_as_its_table(tmp_path):
    path = written(tmp_path, FREEMOCAP.replace('name = "Cam1"\n', ''))
    assert read_calibration(path).names == ('cam_0',)


def test_what_it_cannot_hold(tmp_path, made_up):
    path = tmp_path / 'a.toml'
    bent = made_up.ring(distortion=(0.1, 0, 0, 0, 0, 0.2))
    with pytest.raises(ValueError, match="of camera 'cam0': .* got k4 = 0.2"):
        write_calibration(bent, path, format='anipose')
    with pytest.raises(ValueError, match="image size of camera 'cam0'"):
        write_calibration(made_up.ring(size=None), path, format='anipose')
    assert not path.exists()


def test_more_than_ten_cameras_keep_their_order_when_titles_are_sorted(
    tmp_path, made_up
):
    path = tmp_path / 'a.toml'
    write_calibration(made_up.ring(11), path, format='anipose')
    titles = re.findall(r'^\[(cam_\d+)\]', path.read_text(), re.MULTILINE)
    assert titles[:2] == ['cam_00', 'cam_01']
    assert titles == sorted(titles)


def test_tables_that_are_no_cameras(tmp_path):
    text = f'{FREEMOCAP}\n[charuco]\ncolumns = 4\n[capture_volume]\nstage = 1\n'
    assert read_calibration(written(tmp_path, text)).names == ('Cam1',)
    path = written(tmp_path, f'made = 2024-01-31\n{FREEMOCAP}')
    with pytest.raises(ValueError, match="table 'made': expected named values, got da"):
        read_calibration(path)
    path = written(tmp_path, f'{FREEMOCAP}\n[other]\ncolumns = 4\n')
    with pytest.raises(ValueError, match="table 'other': expected no more than .*colu"):
        read_calibration(path)
