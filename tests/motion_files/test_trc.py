import math
from dataclasses import replace

import numpy as np
import pytest
import trc
from made_motion import RECORDING, assert_equal, instant

from ppt_mmpose.motion_files import TrcWriter, read_trc

IN_VIEWS = ('keypoints_2d', 'scores', 'errors', 'used', 'boxes', 'seen')


def by_hand(index, found=(True, True, True)):
    found = np.array(found)
    points = np.array([[1, 2, 3], [0.5, -0.25, 0.125], [-4, 5, -6]])
    return replace(instant(index), keypoints_3d=points * found[:, None], found=found)


def write(path, instants, recording=RECORDING, **options):
    with TrcWriter(path, recording, **options) as writer:
        for one in instants:
            writer.write(one)
    return path


def test_the_text(tmp_path):
    path = write(tmp_path / 'a.trc', [by_hand(0), by_hand(1, (True, False, True))])
    lines = path.read_text().split('\n')
    assert lines[0].split('\t') == ['PathFileType', '4', '(X/Y/Z)', 'a.trc']
    assert lines[1].split('\t')[2:5] == ['NumFrames', 'NumMarkers', 'Units']
    assert ' '.join(lines[2].split()) == '25.000000 25.000000 2 3 m 25.000000 1 2'
    labels = ['Frame#', 'Time', 'nose', '', '', 'left_eye', '', '', 'knie_ü', '', '']
    assert lines[3].split('\t') == labels
    assert lines[4] == '\t\tX1\tY1\tZ1\tX2\tY2\tZ2\tX3\tY3\tZ3'
    assert lines[5] == ''
    row = '1 0.000000000 1.000000 2.000000 3.000000 0.500000 -0.250000 0.125000'
    assert lines[6].split('\t') == [*row.split(), '-4.000000', '5.000000', '-6.000000']
    assert lines[7].split('\t')[1:] == [
        *('0.040000000', '1.000000', '2.000000', '3.000000'),
        *('NaN', 'NaN', 'NaN', '-4.000000', '5.000000', '-6.000000'),
    ]
    assert lines[8:] == ['']


def test_another_program_reads_it_gaps_included(tmp_path):
    gaps = [(True, True, False), (False, True, True), (False,) * 3]
    found = [by_hand(i, gap) for i, gap in enumerate(gaps)]
    data = trc.TRCData()
    data.load(str(write(tmp_path / 'a.trc', found, unit='mm')))
    assert data['NumFrames'] == data['OrigNumFrames'] == 3
    assert (data['NumMarkers'], data['Units'], data['DataRate']) == (3, 'mm', 25)
    assert data['Markers'] == ['nose', 'left_eye', 'knie_ü']
    assert data['Frame#'] == [1, 2, 3]
    assert data['Time'] == [0, 0.04, 0.08]
    assert data['nose'][0] == [1000, 2000, 3000]
    assert all(map(math.isnan, data['nose'][1]))
    assert data['left_eye'][1] == [500, -250, 125]
    assert all(map(math.isnan, data['knie_ü'][0]))
    assert data['knie_ü'][1] == [-4000, 5000, -6000]


def test_ours_reads_what_another_program_writes(tmp_path):
    data = trc.TRCData()
    gap = (False, True, False)
    data.load(str(write(tmp_path / 'a.trc', [by_hand(0, gap), by_hand(1)])))
    for tab in (True, False):
        data.save(str(tmp_path / 'b.trc'), add_trailing_tab=tab)
        recording, found = read_trc(tmp_path / 'b.trc')
        assert recording.rate == 25
        assert recording.keypoint_names == ('nose', 'left_eye', 'knie_ü')
        assert_equal(found[0], by_hand(0, gap), but=IN_VIEWS)
        assert_equal(found[1], by_hand(1), but=IN_VIEWS)


@pytest.mark.parametrize(
    ('up', 'nose'),
    [
        (None, [1, 2, 3]),
        ('+y', [1, 2, 3]),
        ('+z', [1, 3, -2]),
        ('-z', [1, -3, 2]),
        ('-y', [1, -2, -3]),
        ('+x', [-2, 1, 3]),
        ('-x', [2, -1, 3]),
    ],
)
@pytest.mark.parametrize('unit', ['m', 'cm', 'mm'])
def test_the_world_is_turned_there_and_back(up, nose, unit, tmp_path):
    path = write(tmp_path / 'a.trc', [by_hand(0)], up=up, unit=unit)
    turned = read_trc(path)[1][0].keypoints_3d[0]
    np.testing.assert_allclose(turned, nose, atol=1e-9)
    assert_equal(read_trc(path, up=up)[1][0], by_hand(0), but=IN_VIEWS)


def test_a_killed_writer_leaves_rows_that_are_read(tmp_path):
    writer = TrcWriter(tmp_path / 'a.trc', RECORDING)
    writer.write(by_hand(0))
    assert len(read_trc(tmp_path / 'a.trc')[1]) == 1
    writer.close()


def test_options_that_are_none(tmp_path):
    path = tmp_path / 'a.trc'
    with pytest.raises(ValueError, match="unit: expected one of m, cm, mm, got 'km'"):
        TrcWriter(path, RECORDING, unit='km')
    with pytest.raises(ValueError, match="up: expected one of .*, got 'z'"):
        TrcWriter(path, RECORDING, up='z')
    same = replace(RECORDING, keypoint_names=('a b', 'a_b', 'c'))
    with pytest.raises(ValueError, match='keypoint_names: expected each once in TRC'):
        TrcWriter(path, same)


@pytest.mark.parametrize(
    ('old', 'new', 'message'),
    [
        ('\tm\t', '\tft\t', "Units: expected one of m, cm, mm, got 'ft'"),
        ('DataRate\tCam', 'Rate\tCam', 'DataRate: expected a number, got None'),
        ('-4.000000', '4\t4', 'line 7: expected 9 coordinates, got 10'),
        ('-4.000000', 'x', "line 7: could not convert string to float: 'x'"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(old, new, message, tmp_path):
    path = write(tmp_path / 'a.trc', [by_hand(0)])
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(ValueError, match=f'a.trc: {message}'):
        read_trc(path)
