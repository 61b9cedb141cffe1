import sys

import make_synthetic_views as tool
import pytest

from ppt_mmpose.datasets.multiview_folder import MultiViewFolder
from ppt_mmpose.datasets.synthetic.views import LAYOUTS


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Calls the tool; returns what it printed."""
    monkeypatch.chdir(tmp_path)

    def call(line):
        monkeypatch.setattr(sys, 'argv', ['make_synthetic_views.py', *line.split()])
        tool.main()
        return capsys.readouterr().out

    return call


def test_draws_and_says_what_is_there(run):
    few = '--cameras 2 --instants 1 --val-instants 2 --size 64'
    printed = run(f'--out drawn {few} --layout slope --lens --seed 3')
    assert 'drawn/train\n2 cameras: cam0, cam1\n1 instants as images' in printed
    assert printed.count('% hidden, ') == 4
    recording = MultiViewFolder('drawn/val')
    assert len(recording.instants) == 2
    info = recording.keypoints_2d['info']
    expected = dict(layout='slope', size=64, seed=3, lens=True, obstructed=0.15, rig=1)
    assert expected.items() <= info.items()


def test_options_reach_the_maker(run, tmp_path):
    run(
        '--out drawn --cameras 2 --instants 1 --val-instants 1 --size 64 '
        '--obstructed 0 --same-cameras --picture instant.jpg'
    )
    info = MultiViewFolder('drawn/val').keypoints_2d['info']
    assert (info['obstructed'], info['rig'], info['layout']) == (0, 0, 'ring')
    assert (tmp_path / 'instant.jpg').stat().st_size > 9999


def test_every_layout_is_offered(run, capsys):
    with pytest.raises(SystemExit):
        run('--out drawn --layout dome')
    offered = capsys.readouterr().err
    assert all(f"'{layout}'" in offered for layout in LAYOUTS)


def test_errors_are_one_line(run):
    with pytest.raises(SystemExit, match=r'^error: cameras: expected 2 to 8, got 1$'):
        run('--out drawn --cameras 1')
