"""The tool, from a drawn video of two people to files of each."""

import json
import sys
from pathlib import Path

import bvhio
import numpy as np
import pytest
import small_configs
import video_demo as tool
from mmengine.registry import init_default_scope
from small_video import small_lifter
from trc import TRCData

from ppt_mmpose.datasets.synthetic.sequences import SequencePlan
from ppt_mmpose.datasets.synthetic.sequences.video import (
    beside,
    people_boxes,
    write_video,
)
from ppt_mmpose.frames import VideoFile
from ppt_mmpose.motion_files import read_motion

TOOL = Path(tool.__file__)
FORMATS = 'npz csv json trc bvh'
PERSON_THR = '--person-thr 0'


@pytest.fixture(scope='module')
def ready(tmp_path_factory):
    """A video of two people, their boxes in its first frame, and small models."""
    init_default_scope('mmpose')
    folder = tmp_path_factory.mktemp('demo')
    plan = SequencePlan(frames=14, fps=25, cameras=1, seed=3)
    sequence = plan.draw(0)
    drawn = dict(width=160, companions=(beside(sequence, 4, 0),))
    write_video(str(folder / 'two.mp4'), sequence, 0, **drawn)
    boxes = people_boxes(sequence, 0, **drawn)
    (folder / 'all.json').write_text(json.dumps(boxes))
    config = small_configs.ppt(folder)
    small_configs.with_weights(config, folder)
    small_lifter(folder)
    small_lifter(folder, 'hot_motionbert_h36m')
    return folder


@pytest.fixture
def run(ready, monkeypatch, capsys):
    """Call the tool in the folder; return what it printed."""
    monkeypatch.chdir(ready)

    def call(line):
        argv = [TOOL.name, *line.split(), '--device', 'cpu']
        monkeypatch.setattr(sys, 'argv', argv)
        tool.main()
        return capsys.readouterr().out

    return call


LIFTER = 'small_hot_mixste_h36m'
MODELS = (
    '--pose2d small_ppt.py --pose2d-weights random.pth '
    f'--pose3d {LIFTER}.py --pose3d-weights {LIFTER}.pth {PERSON_THR}'
)


def test_two_people_to_all_files(run, ready):
    printed = run(
        f'two.mp4 {MODELS} --boxes all.json --out-dir out --overlays --world '
        f'--formats {FORMATS}'
    )
    assert '14 frames of 160x160 px, 0.6 s at 25 a second' in printed
    assert 'person 1: frames 0 to 13, seen in 14, poses of 14' in printed
    out = ready / 'out'
    for track in (0, 1):
        poses = []
        for name in FORMATS.split()[:-1]:
            options = dict(up='-y') if name == 'trc' else {}
            recording, instants = read_motion(out / f'person_{track}.{name}', **options)
            assert len(instants) == 14
            assert recording.rate == pytest.approx(25)
            poses.append([one.keypoints_3d for one in instants])
        for other in poses[1:]:
            np.testing.assert_allclose(other, poses[0], atol=1e-5)
        assert np.abs(np.diff(poses[0], axis=0)).max() > 0
        # Programs that are not ours read the same.
        trc = TRCData()
        trc.load(str(out / f'person_{track}.trc'))
        _, read = read_motion(out / f'person_{track}.trc')
        for place, joint in enumerate(recording.keypoint_names):
            theirs = np.array(trc[joint])
            ours = [one.keypoints_3d[place] for one in read]
            np.testing.assert_allclose(theirs, ours, atol=1e-5)
        # What is up is up for a program that is not ours, in cm.
        (root,) = bvhio.readAsHierarchy(str(out / f'person_{track}.bvh')).filter('root')
        _, read = read_motion(out / f'person_{track}.bvh')
        for frame in (0, 13):
            root.loadPose(frame)
            for joint, place in zip(recording.keypoint_names, read[frame].keypoints_3d):
                (found,) = root.filter(joint)
                theirs = np.array(found.PositionWorld) / 100
                np.testing.assert_allclose(theirs, place, atol=1e-4)
    assert len(list(VideoFile(out / 'overlays.mp4'))) == 14
    assert len(list(VideoFile(out / 'world.mp4'))) == 14
    assert (out / 'person_1.png').stat().st_size > 10_000


def test_a_lifter_in_pixels_and_a_single_person(run, ready):
    name = 'small_hot_motionbert_h36m'
    printed = run(
        'two.mp4 --pose2d small_ppt.py --pose2d-weights random.pth --pose3d '
        f'{name}.py --pose3d-weights {name}.pth {PERSON_THR} --out-dir one '
        '--formats npz --stature 1.8 --overlap 0'
    )
    assert 'person 0' in printed
    assert 'person 1' not in printed
    _, instants = read_motion(ready / 'one' / 'person_0.npz')
    spread = np.ptp([one.keypoints_3d for one in instants], axis=1).max()
    assert 0.2 < spread < 10


def test_a_stream(run, ready):
    printed = run(
        f'two.mp4 {MODELS} --boxes all.json --out-dir streamed --stream --delay 2 '
        '--formats npz'
    )
    assert '14 frames; poses came 2 frames after them, 0.08 s' in printed
    _, instants = read_motion(ready / 'streamed' / 'person_1.npz')
    assert [one.index for one in instants] == list(range(14))


def test_nobody_is_no_error(run, ready):
    printed = run(f'two.mp4 {MODELS} --person-thr 1e9 --out-dir nobody')
    assert 'nobody was found' in printed
    assert not (ready / 'nobody').exists()


@pytest.mark.parametrize(
    ('line', 'message'),
    [
        ('none.mp4', r'none\.mp4: expected a folder or a file, got none'),
        ('small_ppt.py', r"small_ppt\.py: expected an image or a video, got '\.py'"),
        ('broken.mp4', r'broken\.mp4: expected a video that OpenCV can read'),
        ('two.mp4 --boxes none.json', r'none\.json: expected a JSON file of boxes'),
        ('two.mp4 --pose3d small_ppt.py', 'pose3d: expected the config of a lifter'),
        ('two.mp4 --pose3d-weights random.pth', r'random\.pth: expected weights of'),
        (
            'two.mp4 --pose2d-weights small_hot_mixste_h36m.pth',
            r'small_hot_mixste_h36m\.pth: expected weights of small_ppt\.py',
        ),
        ('two.mp4 --overlap 9', 'overlap: expected 0 to 8 frames, got 9'),
        (
            'two.mp4 --pose2d hot_mixste_h36m',
            r'random\.pth: expected weights of hot_mixste_h36m',
        ),
    ],
)
def test_what_is_wrong_is_told(line, message, run, ready):
    (ready / 'broken.mp4').write_bytes(b'no video')
    words = line.split()
    arguments = ' '.join([words[0], MODELS, *words[1:], '--out-dir wrong'])
    with pytest.raises(SystemExit, match=f'error: .*{message}'):
        run(arguments)
    assert not (ready / 'wrong').exists()


@pytest.mark.parametrize(
    'line',
    [
        '--delay 2',
        '--stream --world',
        '--stream --min-frames 3',
        '--boxes all.json --batch-size 2',
    ],
)
def test_options_that_do_not_go_together(line, run):
    with pytest.raises(SystemExit):
        run(f'two.mp4 {MODELS} {line}')
