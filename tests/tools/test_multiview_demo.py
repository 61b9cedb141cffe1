"""The tool, from a folder of a recording to a folder of results."""

import json
import re
import subprocess
import sys
from pathlib import Path

import cv2
import multiview_demo as tool
import numpy as np
import pytest
import ring_recording
import small_configs
import small_views
import torch
from mmengine.registry import init_default_scope

from ppt_mmpose.motion_files import read_motion

TOOL = Path(tool.__file__)
VIEWS = ('cam0', 'cam1', 'cam2')


@pytest.fixture(scope='module')
def ready(tmp_path_factory):
    """A folder with a recording of three cameras, a small PPT and its weights."""
    init_default_scope('mmpose')
    folder = tmp_path_factory.mktemp('demo')
    ring_recording.write(folder / 'recording', views=3, instants=3)
    config = small_configs.ppt(folder)
    small_configs.with_weights(config, folder)
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


MODEL = '--pose2d small_ppt.py --weights random.pth'


def process(folder, line):
    return subprocess.run(
        [sys.executable, str(TOOL), *line.split(), '--device', 'cpu'],
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_from_a_folder_to_all_results(ready):
    done = process(
        ready,
        f'recording {MODEL} --score-thr 0 --overlays --world --up +z --out-dir out',
    )
    assert done.returncode == 0, done.stderr
    summary, cameras = done.stdout.split('camera', 1)
    assert re.search(r'3 instants, [\d.]+% of the keypoints found in 3D', summary)
    for name in VIEWS:
        assert re.search(rf'^{name} +100.0% +[\d.]+% +([\d.]+ px|-)$', cameras, re.M)
    assert cameras.endswith('written: out\n')
    assert '3/3' in done.stderr
    out = ready / 'out'
    assert {path.name for path in out.iterdir()} == {
        *('keypoints.npz', 'keypoints.json', 'keypoints.csv', 'keypoints.trc'),
        *('keypoints_2d.csv', 'overlays', 'world'),
    }
    for folder in (*VIEWS, 'views'):
        assert len(list((out / 'overlays' / folder).glob('*.jpg'))) == 3
    recording, instants = read_motion(out / 'keypoints.npz')
    assert recording.camera_names == VIEWS
    assert list(recording.keypoint_names) == ring_recording.COCO
    assert [one.name for one in instants] == ['000000', '000001', '000002']
    assert all(one.seen.all() for one in instants)


def test_options_reach_the_inferencer(run, ready):
    box = [20, 10, 120, 110]
    (ready / 'boxes.json').write_text(json.dumps(dict.fromkeys(VIEWS, box)))
    out = run(
        f'recording {MODEL} --boxes boxes.json --batch-size 2 --method linear '
        '--score-thr 0 --rate 12.5 --formats npz --world --pictures videos '
        '--out-dir options'
    )
    assert '3 instants' in out
    recording, instants = read_motion(ready / 'options' / 'keypoints.npz')
    assert recording.rate == 12.5
    for instant in instants:
        np.testing.assert_allclose(instant.boxes, [box] * 3)
        # Linear takes all views, where robust drops some.
        assert (instant.used == instant.found).all()
    names = sorted(path.name for path in (ready / 'options').iterdir())
    assert names == ['keypoints.npz', 'world.mp4']
    video = cv2.VideoCapture(str(ready / 'options' / 'world.mp4'))
    assert video.get(cv2.CAP_PROP_FPS) == 12.5


def test_views_that_are_in_no_folder(run, ready):
    views = ' '.join(f'--camera {name}=recording/{name}' for name in VIEWS[:2])
    calibration = '--calibration recording/calibration.toml'
    run(f'{views} {calibration} {MODEL} --formats npz --track --out-dir views')
    recording, instants = read_motion(ready / 'views' / 'keypoints.npz')
    assert recording.camera_names == VIEWS[:2]
    assert len(instants) == 3


def test_the_unit_is_that_which_is_given(run, ready):
    found = {}
    for unit in ('mm', 'cm'):
        options = f'--unit {unit} --score-thr 0 --method linear --formats npz'
        views = ' '.join(f'--camera {name}=recording/{name}' for name in VIEWS)
        calibration = '--calibration recording/calibration.toml'
        run(f'{views} {calibration} {MODEL} {options} --out-dir in_{unit}')
        _, instants = read_motion(ready / f'in_{unit}' / 'keypoints.npz')
        found[unit] = instants[0].keypoints_3d[instants[0].found]
    assert len(found['mm']) > 0
    np.testing.assert_allclose(found['cm'], 10 * found['mm'], rtol=1e-3)


def test_what_was_found_before_an_error_is_written(run, ready, tmp_path):
    inputs = []
    for name in VIEWS[:2]:
        levels = {f'{number}': 100 for number in range(3)}
        size = ring_recording.SIZE
        small_views.write_images(tmp_path / name, levels, size=size)
        inputs.append(f'--camera {name}={tmp_path / name}')
    (tmp_path / 'cam1' / '2.png').write_bytes(b'no image')
    with pytest.raises(SystemExit) as stop:
        run(
            f'{" ".join(inputs)} --calibration recording/calibration.toml {MODEL} '
            f'--out-dir {tmp_path / "out"}'
        )
    assert 'cam1/2.png: expected an image that OpenCV can' in str(stop.value)
    for name in ('npz', 'csv', 'json', 'trc'):
        assert len(read_motion(tmp_path / 'out' / f'keypoints.{name}')[1]) == 2


def mistakes(tmp_path):
    """Arguments, and the line that they give."""
    small_views.write_video(tmp_path / 'a.mp4', [1, 2, 3])
    small_views.write_video(tmp_path / 'b.mp4', [1, 2])
    (tmp_path / 'up.json').write_text('{"up": [0, 0, 9, 9]}')
    (tmp_path / 'two.json').write_text('{"cam0": [[0, 0, 9, 9], [0, 0, 9, 9]]}')
    known = f'--calibration recording/calibration.toml {MODEL}'
    return {
        f'--camera cam0={tmp_path}/a.mp4 --camera cam1={tmp_path}/b.mp4 {known}': (
            'views: expected as many frames in each, but cam0 has 3, cam1 has 2'
        ),
        f'--camera up=recording/cam0 --camera cam1=recording/cam1 {known}': (
            "camera 'up': the calibration has cam0, cam1, cam2"
        ),
        f'--camera cam0=recording/cam0 {known}': (
            'one view only: 3D needs at least two'
        ),
        f'recording {MODEL} --boxes {tmp_path}/up.json': (
            f"{tmp_path}/up.json, camera 'up': expected one of cam0, cam1, cam2"
        ),
        f'recording {MODEL} --boxes {tmp_path}/two.json': (
            f"{tmp_path}/two.json, camera 'cam0': expected a box for each instant, got "
            '2, and none for 000002'
        ),
        f'recording {MODEL} --boxes {tmp_path}/two.json --track': (
            'track: has no effect with boxes; expected one of them'
        ),
        f'recording --calibration none.toml {MODEL}': (
            'calibration: no such file or folder: none.toml'
        ),
        'recording --pose2d small_ppt.py --weights none.pth': (
            'none.pth can not be found.'
        ),
        'recording --pose2d none_such': 'Cannot find model: none_such in mmpose',
        f'recording {MODEL} --det-weights w.pth': (
            'det_weights: has no effect without det_model, got w.pth'
        ),
        f'recording {MODEL} --rate 0': 'rate: expected instants a second, got 0.0',
    }


def test_mistakes_are_one_line(run, tmp_path):
    for line, expected in mistakes(tmp_path).items():
        with pytest.raises(SystemExit) as stop:
            run(f'{line} --out-dir {tmp_path / "out"}')
        assert str(stop.value) == f'error: {expected}', line


def test_weights_that_do_not_fit(run, tmp_path):
    torch.save(dict(state_dict={'head.weight': torch.zeros(1)}), tmp_path / 'o.pth')
    with pytest.raises(
        SystemExit,
        match=r'o\.pth: expected weights of small_ppt',
    ):
        run(f'recording --pose2d small_ppt.py --weights {tmp_path}/o.pth')


def test_mistakes_end_the_process_with_one(ready):
    done = process(ready, f'--camera cam0=recording/cam0 --calibration x.toml {MODEL}')
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        'error: calibration: no such file or folder: x.toml'
    )
    assert 'Traceback' not in done.stderr


def test_arguments_that_do_not_go_together(run, capsys):
    for line, expected in (
        (MODEL, 'expected either FOLDER or --camera'),
        (f'recording --camera a=b {MODEL}', 'expected either FOLDER or --camera'),
        (f'--camera a=b {MODEL}', '--calibration is needed with --camera'),
        ('recording', 'the following arguments are required: --pose2d'),
        (f'recording {MODEL} --format anipose', '--format and --unit need --calibrat'),
        (f'recording {MODEL} --unit mm', '--format and --unit need --calibration'),
    ):
        with pytest.raises(SystemExit) as stop:
            run(line)
        assert stop.value.code == 2
        assert expected in capsys.readouterr().err
