import json
import sys

import make_synthetic_sequences as tool
import pytest


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Calls the tool; returns what it printed."""
    monkeypatch.chdir(tmp_path)

    def call(line):
        monkeypatch.setattr(sys, 'argv', ['make_synthetic_sequences.py', *line.split()])
        tool.main()
        return capsys.readouterr().out

    return call


def test_options_reach_the_maker(run, tmp_path):
    printed = run(
        'drawn --train 2 --val 1 --frames 12 --fps 25 --cameras 3 --size 200 --seed 4 '
        '--contact-sheet sheet.png --video walk.mp4 --video-width 64 --video-sequence 1'
    )
    assert 'drawn/annotations/train.npz\n72 frames; detections are off by' in printed
    assert 'drawn/annotations/val.npz\n36 frames; ' in printed
    info = json.loads((tmp_path / 'drawn/annotations/val.json').read_text())['info']
    expected = dict(frames=12, fps=25, cameras=3, size=200, seed=4, stream=1, count=1)
    assert expected.items() <= info.items()
    assert (tmp_path / 'sheet.png').stat().st_size > 999
    assert (tmp_path / 'walk.mp4').stat().st_size > 999


def test_errors_are_one_line(run):
    with pytest.raises(SystemExit, match=r'^error: cameras: expected 1 to 8, got 0$'):
        run('drawn --cameras 0')
