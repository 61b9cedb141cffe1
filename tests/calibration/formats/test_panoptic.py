import json

import pytest

from ppt_mmpose.calibration import read_calibration, write_calibration


def camera(**changes):
    return dict(
        dict(
            name='00_03',
            type='hd',
            resolution=[1920, 1080],
            panel=0,
            node=3,
            K=[[1600, 0, 960.5], [0, 1601, 540.5], [0, 0, 1]],
            distCoef=[-0.3, 0.1, 0.001, -0.002, 0.04],
            R=[[0, 1, 0], [0, 0, -1], [-1, 0, 0]],
            t=[[10], [120], [350]],
        ),
        **changes,
    )


def written(tmp_path, *cameras):
    path = tmp_path / 'calibration_171204_pose1.json'
    path.write_text(json.dumps(dict(calibDataSource='x', cameras=list(cameras))))
    return path


def test_reads_centimetres(tmp_path):
    read = read_calibration(written(tmp_path, camera(), camera(name='01_01')))
    assert read.names == ('00_03', '01_01')
    assert read.image_sizes[0] == (1920, 1080)
    assert read.cameras.translation[0].tolist() == pytest.approx([0.1, 1.2, 3.5])
    # R^T takes -t to the centre: -(-3.5, 0.1, -1.2).
    assert read.cameras.centres[0].tolist() == pytest.approx([3.5, -0.1, 1.2])
    assert read.cameras.distortion[0, 4] == 0.04


def test_round_trip(tmp_path, made_up):
    ring = made_up.ring(3, distortion=(-0.2, 0.1, 0.001, -0.002, 0.03), skew=0.5)
    object.__setattr__(ring, 'names', ('00_03', '12_07', 'extra'))
    path = tmp_path / 'calibration.json'
    write_calibration(ring, path, format='panoptic')
    made_up.expect_equal(read_calibration(path), ring)
    numbers = [
        (entry['panel'], entry['node'])
        for entry in json.loads(path.read_text())['cameras']
    ]
    assert numbers == [(0, 3), (12, 7), (0, 2)]


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        (dict(R=[[1, 0], [0, 1]]), r'cameras\[1\]: R: expected 3 x 3 numbers or a Rod'),
        (dict(t=[[1], [2]]), r'cameras\[1\]: t: expected 3 numbers, got'),
        (dict(K=None), r'cameras\[1\]: K: expected 3 x 3 numbers, got None'),
        (dict(name='00_03'), r"expected each camera once, got twice \['00_03'\]"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, changes, message):
    path = written(tmp_path, camera(), camera(**{'name': '00_04', **changes}))
    with pytest.raises(ValueError, match=message):
        read_calibration(path)


def test_no_list(tmp_path):
    path = tmp_path / 'a.json'
    path.write_text('{"cameras": 3}')
    with pytest.raises(ValueError, match='a.json: cameras: expected a list, got 3'):
        read_calibration(path, format='panoptic')
