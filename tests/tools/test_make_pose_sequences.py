"""The tool, from made-up files to the dataset."""

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from made_videopose3d import camera_around, moving_person, save, seen

TOOL = Path(__file__).parents[2] / 'tools' / 'make_pose_sequences.py'


def run(*arguments):
    return subprocess.run(
        [sys.executable, TOOL, *map(str, arguments)], capture_output=True, text=True
    )


@pytest.fixture
def files(tmp_path):
    poses = {
        f'{split}/S1': {'Walking 1 chunk0': moving_person(20, 15, seed=number)}
        for number, split in enumerate(('Train', 'Validate'))
    }
    keypoints = {
        subject: {
            action: [seen(given, camera_around(view)) for view in range(3)]
            for action, given in actions.items()
        }
        for subject, actions in poses.items()
    }
    save(tmp_path / '3d.npz', positions_3d=poses)
    save(tmp_path / '2d.npz', positions_2d=keypoints)
    return tmp_path


def test_humaneva(files):
    result = run(
        *('humaneva', '--out', files / 'out', '--poses', files / '3d.npz'),
        *('--keypoints', files / '2d.npz', '--subjects', 'S1'),
    )
    assert result.returncode == 0, result.stderr
    assert 'S1.C3: 0.00' in result.stdout
    assert 'humaneva_train.npz: 60 frames' in result.stdout
    assert (files / 'out' / 'cameras.json').exists()


def test_what_is_wrong_is_told_in_a_line(files):
    (files / 'cameras.pkl').write_bytes(pickle.dumps([]))
    result = run(
        *('h36m', '--out', files / 'out', '--poses', files / '3d.npz'),
        *('--cameras', files / 'cameras.pkl'),
    )
    assert result.returncode == 1
    assert result.stderr.startswith('error: ')
    assert 'cameras.pkl: expected cameras by subject and camera' in result.stderr


def test_what_each_needs(files):
    shared = ('--out', files / 'out', '--poses', files / '3d.npz')
    assert '--keypoints is needed for humaneva' in run('humaneva', *shared).stderr
    assert '--cameras is needed for h36m' in run('h36m', *shared).stderr
