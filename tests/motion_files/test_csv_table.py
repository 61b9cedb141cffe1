import csv
from dataclasses import replace

import numpy as np
import pandas
import pytest
from made_motion import RECORDING, assert_equal, instant

from ppt_mmpose.motion_files import CsvWriter, read_csv
from ppt_mmpose.motion_files.csv_table import path_2d


@pytest.fixture
def path(tmp_path):
    one = replace(
        instant(5),
        found=np.array([True, False, True]),
        keypoints_3d=np.array([[1, 2, 3], [0, 0, 0], [0.5, -0.25, 1e-6]]),
        keypoints_2d=np.arange(12.0).reshape(2, 3, 2),
        scores=np.full((2, 3), 0.5),
        errors=np.array([[1, 0, 4], [2, 0, 9.0]]),
        used=np.array([[True, False, True], [True, False, False]]),
        boxes=np.array([[1, 2, 3, 4], [5, 6, 7, 8.0]]),
        seen=np.array([True, True]),
    )
    path = tmp_path / 'walk.csv'
    with CsvWriter(path, RECORDING) as writer:
        writer.write(one)
        writer.write(replace(one, index=6, seen=np.array([True, False])))
    return path


def test_pandas_reads_the_world(path):
    table = pandas.read_csv(path, dtype={'instant': str})
    start = ['index', 'instant', 'time_s', 'nose_x_m', 'nose_y_m', 'nose_z_m']
    assert list(table.columns[:7]) == [*start, 'nose_error_px']
    assert table.shape == (2, 3 + 3 * 4)
    first = table.iloc[0]
    assert first['index'] == 5
    assert first['instant'] == '000005'
    assert first['time_s'] == pytest.approx(0.2)
    assert (first['nose_x_m'], first['nose_z_m']) == (1, 3)
    assert first['knie_ü_z_m'] == 1e-6
    assert table[['left eye_x_m', 'left eye_error_px']].isna().all(axis=None)
    # The mean of the views that were used, and of those that saw somebody.
    assert table['nose_error_px'].tolist() == [1.5, 1]
    assert table['knie_ü_error_px'].tolist() == [4, 4]


def test_pandas_reads_the_images(path):
    table = pandas.read_csv(path_2d(path))
    assert table['camera'].tolist() == ['left', 'right, far'] * 2
    second = table.iloc[1]
    assert second[['left_px', 'top_px', 'right_px', 'bottom_px']].tolist() == [
        *(5, 6, 7, 8)
    ]
    assert (second['left eye_x_px'], second['left eye_y_px']) == (8, 9)
    assert second['nose_score'] == 0.5
    assert second['knie_ü_error_px'] == 9
    assert (second['nose_used'], second['knie_ü_used']) == (1, 0)
    assert np.isnan(second['left eye_error_px'])
    assert table.iloc[3, 4:].isna().all()


def test_without_the_images_there_are_no_views(path):
    path_2d(path).unlink()
    recording, (first, _) = read_csv(path)
    assert recording.camera_names == ()
    assert recording.rate == 25
    assert first.scores.shape == (0, 3)
    assert first.keypoints_3d.tolist() == [[1, 2, 3], [0, 0, 0], [0.5, -0.25, 1e-6]]


@pytest.mark.parametrize('rate', [29.97, 240, 1 / 60, 1000])
def test_the_rate_is_that_of_the_times(rate, tmp_path):
    recording = replace(RECORDING, rate=rate)
    with CsvWriter(tmp_path / 'a.csv', recording) as writer:
        writer.write(instant(0))
        writer.write(instant(1))
    found, instants = read_csv(tmp_path / 'a.csv')
    assert found.rate == pytest.approx(rate, rel=2e-6)
    assert_equal(instants[1], instant(1))


def test_tables_that_do_not_belong_together(path):
    lines = path_2d(path).read_text().splitlines(keepends=True)
    path_2d(path).write_text(''.join(lines[:4]))
    message = 'walk.csv: instant 000005: expected 2 views of 3 keypoints, got .1, 3'
    with pytest.raises(ValueError, match=message):
        read_csv(path)
    path_2d(path).write_text(lines[0].replace('nose', 'chin'))
    with pytest.raises(ValueError, match=r'expected the keypoints of walk.csv, .*chin'):
        read_csv(path)


def test_cells_that_are_none(path):
    rows = list(csv.reader(path.open()))
    path.write_text(','.join(rows[0]) + '\n' + ','.join(rows[1][:-1]) + '\n')
    with pytest.raises(ValueError, match='expected 15 cells in row 1'):
        read_csv(path)
    path.write_text(','.join(rows[0]) + '\n' + ','.join(['x', *rows[1][1:]]) + '\n')
    with pytest.raises(ValueError, match=r"walk.csv: invalid literal for int.*'x'"):
        read_csv(path)
