import math

import numpy as np
import pytest

from ppt_mmpose.calibration.formats.camera_tables import (
    KEYS,
    camera_tables,
    look_like_cameras,
    read_tables,
    table_of,
)
from ppt_mmpose.calibration.record import CameraRecord

CAMERA = """
matrix = [[900.0, 0.0, 500.0], [0.0, 910.0, 400.0], [0.0, 0.0, 1.0]]
distortions = [-0.1, 0.2]
rotation = [0.0, 0.0, 1.5707963267948966]
translation = [1.0, 2.0, 3.0]
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / 'a.toml'


def test_tables_that_are_cameras():
    tables = dict(
        b={}, metadata={}, capture_volume={}, charuco={}, checkerboard={}, a=1
    )
    assert camera_tables(tables) == dict(b={}, a=1)


def test_one_camera_is_enough_to_be_told_by():
    whole = dict(matrix=1, rotation=1, translation=1)
    assert look_like_cameras(dict(a=whole))
    assert look_like_cameras(dict(a=1, b=dict(matrix=1), c=whole))
    assert not look_like_cameras(dict(a=dict(matrix=1, rotation=1)))
    assert not look_like_cameras(dict(metadata=whole))
    assert not look_like_cameras({})


def test_read_in_the_order_of_the_file_and_in_its_unit(path):
    more = 'name = "left"\nsize = [1000, 800]\n'
    path.write_text(f'[z]{CAMERA}{more}[a]{CAMERA}[metadata]\nerror = 0')
    read = read_tables(path, 'cm', KEYS)
    assert read.names == ('left', 'a')
    assert read.image_sizes == ((1000, 800), None)
    assert read.cameras.translation.tolist() == [[0.01, 0.02, 0.03]] * 2
    quarter = [[0, -1, 0], [1, 0, 0], [0, 0, 1]]
    np.testing.assert_allclose(read.cameras.rotation[1], quarter, atol=1e-15)
    assert read.cameras.distortion[0, :3].tolist() == [-0.1, 0.2, 0]


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('', 'a.toml: expected at least one camera, got none$'),
        ('a = 1', "a.toml, table 'a': expected named values, got 1$"),
        (
            f'[a]{CAMERA}port = 1',
            "a.toml, table 'a': expected no more than .*got port$",
        ),
        (f'[a]{CAMERA}fisheye = true', "a.toml, table 'a': fisheye: expected a lens"),
        (
            f'[a]{CAMERA}[b]{CAMERA}name = "a"',
            r"a.toml: expected each camera once, got twice \['a'\]$",
        ),
        (
            '[a]\n[b]',
            "a.toml, table 'a': matrix is missing; there is nothing$",
        ),
    ],
)
def test_what_is_wrong_is_named(path, text, message):
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        read_tables(path, 'm', KEYS)


def test_a_table_by_hand():
    record = CameraRecord(
        'left',
        np.array([[900.0, 0, 500], [0, 910, 400], [0, 0, 1]]),
        np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]]),
        np.array([1.0, 2, 3]),
        np.array([-0.1, 0.2, 0]),
        (1000, 800),
    )
    table = table_of(record, 4)
    assert table.pop('rotation') == pytest.approx([0, 0, math.pi / 2])
    assert table == dict(
        name='left',
        size=[1000, 800],
        matrix=[[900, 0, 500], [0, 910, 400], [0, 0, 1]],
        distortions=[-0.1, 0.2, 0, 0],
        translation=[1, 2, 3],
    )
    with pytest.raises(
        ValueError, match='expected at most k1, which .*, got k2 = 0.2$'
    ):
        table_of(record, 1)
