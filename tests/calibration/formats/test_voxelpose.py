import json

import pytest

from ppt_mmpose.calibration import read_calibration, write_calibration


def test_reads_centres_in_millimetres(tmp_path):
    path = tmp_path / 'calibration_shelf.json'
    camera = dict(
        R=[[0, -1, 0], [1, 0, 0], [0, 0, 1]],
        T=[[1000], [2000], [3000]],
        fx=1063.5,
        fy=1071.8,
        cx=511.7,
        cy=350.1,
        k=[[0], [0], [0]],
        p=[[0], [0]],
    )
    path.write_text(json.dumps({'0': camera}))
    read = read_calibration(path)
    assert read.names == ('0',)
    assert read.image_sizes == (None,)
    assert read.cameras.centres[0].tolist() == pytest.approx([1, 2, 3])
    assert read.cameras.rotation[0].tolist() == camera['R']
    assert read.cameras.intrinsics.diagonal(dim1=-2, dim2=-1)[..., :2][0].tolist() == [
        1063.5,
        1071.8,
    ]


def test_round_trip_but_for_the_sizes(tmp_path, made_up):
    ring = made_up.ring(distortion=(-0.2, 0.1, 0.01, -0.02, 0.3))
    path = tmp_path / 'cameras.json'
    write_calibration(ring, path, format='voxelpose')
    read = read_calibration(path)
    made_up.expect_equal(read, ring, sizes=False)
    assert set(read.image_sizes) == {None}
