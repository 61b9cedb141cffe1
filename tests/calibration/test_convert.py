import runpy
import sys
from pathlib import Path

import numpy as np
import pytest

from ppt_mmpose.calibration import FORMATS, read_calibration, write_calibration
from ppt_mmpose.calibration.convert import convert_calibration, list_formats

TOOL = Path(__file__).parents[2] / 'tools' / 'convert_calibration.py'


@pytest.fixture
def ring(made_up):
    return made_up.ring(4, distortion=(-0.1, 0.02))


@pytest.fixture
def source(tmp_path, ring):
    path = tmp_path / 'in.toml'
    write_calibration(ring, path, format='anipose')
    return path


@pytest.fixture
def keypoints(tmp_path, ring, made_up):
    path = tmp_path / 'keypoints.npz'
    np.savez(path, keypoints_2d=made_up.seen(ring, made_up.person()))
    return path


def test_converts(tmp_path, source, ring, made_up):
    target = tmp_path / 'Calib.toml'
    said = convert_calibration(source, target, to_format='pose2sim')
    assert said == f'written: {target} (4 cameras)'
    made_up.expect_equal(read_calibration(target, format='pose2sim'), ring)


def test_selects(tmp_path, source, ring, made_up):
    target = tmp_path / 'out'
    convert_calibration(source, target, to_format='opencv', cameras=['cam1', 'cam3'])
    made_up.expect_equal(read_calibration(target), ring.select(['cam1', 'cam3']))
    with pytest.raises(ValueError, match="camera 'x': the calibration has cam0, cam1"):
        convert_calibration(source, target, to_format='opencv', cameras=['x'])


def test_tells_what_is_wrong(tmp_path, source, keypoints):
    target = tmp_path / 'out.txt'
    said = convert_calibration(source, target, unit='m').splitlines()
    assert said[0] == f'written: {target} (4 cameras)'
    assert said[1].endswith("perhaps millimetres read as metres; the unit is 'mm'")
    said = convert_calibration(source, unit='m', keypoints=keypoints, report=True)
    assert said.startswith('camera   distance  points')
    assert said.endswith("millimetres read as metres; the unit is 'mm'")


def test_what_is_no_file_of_keypoints(tmp_path, source):
    path = tmp_path / 'k.npz'
    np.savez(path, keypoints=np.zeros(3))
    with pytest.raises(
        ValueError, match='k.npz: expected keypoints_2d.*got keypoints$'
    ):
        convert_calibration(source, keypoints=path, report=True)
    np.savez(path, keypoints_2d=np.array([None]))
    with pytest.raises(
        ValueError, match='k.npz: expected arrays in an .npz: Object arr'
    ):
        convert_calibration(source, keypoints=path, report=True)
    single = tmp_path / 'single.npy'
    np.save(single, np.zeros(3))
    for wrong in (b'', b'garbage', b'PK\x03\x04garbage', single.read_bytes()):
        path.write_bytes(wrong)
        with pytest.raises(ValueError, match='k.npz: expected arrays in an .npz: '):
            convert_calibration(source, keypoints=path, report=True)


def test_nothing_to_do(source):
    with pytest.raises(ValueError, match='target: expected a path to write to, or a r'):
        convert_calibration(source)
    with pytest.raises(ValueError, match='to_format: expected None without target, go'):
        convert_calibration(source, report=True, to_format='anipose')


def test_the_list(capsys, monkeypatch):
    lines = list_formats().splitlines()
    assert [line.split()[0] for line in lines] == ['format', *FORMATS]
    assert [line.split()[1] for line in lines[1:]] == [
        kind.unit for kind in FORMATS.values()
    ]
    monkeypatch.setattr(sys, 'argv', ['tool', '--list-formats'])
    runpy.run_path(str(TOOL), run_name='__main__')
    assert capsys.readouterr().out.splitlines() == lines


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, 'argv', ['tool', *map(str, arguments)])
    runpy.run_path(str(TOOL), run_name='__main__')


def test_the_tool(tmp_path, source, capsys, monkeypatch, ring, made_up):
    target = tmp_path / 'out.pkl'
    with pytest.raises(
        SystemExit, match="^error: name of camera 'cam0': expected SUBJ"
    ):
        run(monkeypatch, source, target)
    target = tmp_path / 'out'
    run(monkeypatch, source, target, '--to', 'easymocap', '--unit', '0.002', '--report')
    assert capsys.readouterr().out.startswith(f'written: {target} (4 cameras)\ncamera ')
    made_up.expect_equal(read_calibration(target), ring.scaled(2))
    with pytest.raises(SystemExit, match='^error: calibration: no such file or folder'):
        run(monkeypatch, tmp_path / 'none', target)
    with pytest.raises(SystemExit, match='^2$'):
        run(monkeypatch)
