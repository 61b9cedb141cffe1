import sys

import make_multiview_folder as tool
import pytest
from small_views import calibration, write_images, write_video

from ppt_mmpose.calibration import write_calibration


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Calls the tool in a folder with a calibration; returns what it printed."""
    cameras = calibration('left', 'right')
    write_calibration(cameras, tmp_path / 'cameras.toml', format='anipose')
    monkeypatch.chdir(tmp_path)

    def call(line):
        monkeypatch.setattr(sys, 'argv', ['make_multiview_folder.py', *line.split()])
        tool.main()
        return capsys.readouterr().out

    return call


def test_makes_and_checks_a_folder(run, tmp_path):
    write_video(tmp_path / 'a.mp4', range(10, 90, 10))
    write_video(tmp_path / 'b.mp4', range(10, 70, 10))
    made = run(
        '--camera left=a.mp4 --camera right=b.mp4 --calibration cameras.toml '
        '--out made --start left=2 --every 3'
    )
    expected = '2 cameras: left, right\n2 instants as images: 000000 to 000001\n'
    assert made.endswith(expected)
    assert run('--out made --check') == expected
    assert (tmp_path / 'made' / 'left' / '000001.jpg').is_file()


def test_options_reach_the_maker(run, tmp_path):
    write_images(tmp_path / 'a', {'a1': 10, 'a2': 20, 'a3': 30})
    write_images(tmp_path / 'b', {'b1': 10, 'b2': 20})
    views = '--camera left=a --camera right=b --calibration cameras.toml '
    run(views + '--out images --by-order --shortest --copy')
    assert not (tmp_path / 'images' / 'left' / '000000.png').is_symlink()
    made = run(views + '--out videos --by-order --shortest --as videos --rate 12')
    assert '2 instants as videos' in made
    run(views + '--out centimetres --by-order --shortest --unit cm')
    read = (tmp_path / 'centimetres' / 'calibration.toml').read_text()
    # The second camera is a metre away, written as 1000 mm and read as 1000 cm.
    assert '10000.0' in read


def test_what_is_wrong_is_one_line(run, tmp_path):
    write_images(tmp_path / 'a', {'1': 10})
    for line, expected in (
        ('--camera left', "error: --camera: expected NAME=VALUE, got 'left'"),
        (
            '--camera left=a --camera left=b',
            'error: --camera: expected each camera once, got left twice',
        ),
        (
            '--camera left=a --start left=-1',
            "error: --start: expected left=FRAME, got '-1'",
        ),
        ('--camera up=a', "error: camera 'up': the calibration has left, right"),
    ):
        with pytest.raises(SystemExit) as stop:
            run(f'{line} --calibration cameras.toml --out made')
        assert str(stop.value) == expected
    with pytest.raises(SystemExit, match='^error: .*nowhere: expected a folder'):
        run('--out nowhere --check')
    with pytest.raises(SystemExit, match=r'^error: calibration: .*no\.toml'):
        run('--camera left=a --calibration no.toml --out made')


def test_arguments_that_do_not_go_together(run, capsys):
    for line, expected in (
        ('--out made', '--camera and --calibration are needed to make a folder'),
        ('--out made --check --camera left=a', '--check makes nothing: leave'),
    ):
        with pytest.raises(SystemExit):
            run(line)
        assert expected in capsys.readouterr().err
