"""From made-up files, and from HumanEva's own where it is there."""

import numpy as np
import pytest
from made_videopose3d import camera_around, moving_person, save, seen

from ppt_mmpose.datasets.pose_sequences import (
    make_humaneva,
    read_arrays,
    read_cameras,
    videos_of,
)
from ppt_mmpose.datasets.pose_sequences.camera_fit import in_camera
from ppt_mmpose.datasets.pose_sequences.humaneva import JOINTS

CAMERAS = [camera_around(angle) for angle in (0.5, 2.5, 4.5)]
TAKES = {
    'Train/S1': {'Walking 1 chunk0': 30, 'Jog 1 chunk2': 4},
    'Validate/S1': {'Walking 1 chunk0': 9},
    'Train/S4': {'Walking 1 chunk0': 3},
}


def made_poses():
    return {
        subject: {
            action: moving_person(length, 15, seed=length)
            for action, length in actions.items()
        }
        for subject, actions in TAKES.items()
    }


def made_keypoints(poses, shift=0.0, more=0):
    return {
        subject: {
            action: [
                np.pad(seen(given, camera), ((0, more), (0, 0), (0, 0))) + shift
                for camera in CAMERAS
            ]
            for action, given in actions.items()
        }
        for subject, actions in poses.items()
    }


@pytest.fixture
def files(tmp_path):
    poses = made_poses()
    save(tmp_path / '3d.npz', positions_3d=poses)
    save(tmp_path / '2d.npz', positions_2d=made_keypoints(poses))
    # Two frames more than there are poses.
    found = made_keypoints(poses, shift=1.5, more=2)
    save(tmp_path / 'found.npz', positions_2d=found)
    return tmp_path


def make(files, **options):
    options = dict(subjects=('S1',)) | options
    return make_humaneva(files / 'out', files / '3d.npz', files / '2d.npz', **options)


def test_what_is_written(files):
    made = make(files)
    out = files / 'out'
    assert made.frames == {
        out / 'humaneva_train.npz': 3 * 34,
        out / 'humaneva_validate.npz': 3 * 9,
    }
    assert max(camera.mean for camera in made.cameras.values()) < 1e-2
    cameras = read_cameras(out / 'cameras.json')
    assert set(cameras) == {('S1', f'C{view}') for view in (1, 2, 3)}
    names, poses, keypoints = read_arrays(out / 'humaneva_train.npz', JOINTS)
    videos = videos_of(names, 'file')
    assert {video.action for video in videos} == {'Walking_1_chunk0', 'Jog_1_chunk2'}
    assert len(videos) == 6
    stored = made_poses()['Train/S1']
    for video in videos:
        world = stored[video.action.replace('_', ' ')]
        camera = CAMERAS[int(video.camera[1]) - 1]
        np.testing.assert_allclose(
            poses[video.rows, :, :3], in_camera(world, camera), atol=5e-3
        )
        np.testing.assert_array_equal(keypoints[video.rows, :, :2], seen(world, camera))


def test_detections(files):
    make(files, detections_file=files / 'found.npz')
    out = files / 'out'
    found = out / 'humaneva_train_detected.npy'
    labels = read_arrays(out / 'humaneva_train.npz', JOINTS).keypoints
    detected = read_arrays(out / 'humaneva_train.npz', JOINTS, found).keypoints
    np.testing.assert_allclose(detected[..., :2], labels[..., :2] + 1.5)


def broken(poses, keypoints, what):
    if what == 'detections as projections':
        noise = np.random.RandomState(0)
        for views in keypoints['Train/S1'].values():
            views[1] += 4 * noise.randn(*views[1].shape).astype(np.float32)
    elif what == 'no keypoints':
        del keypoints['Train/S1']['Jog 1 chunk2']
    elif what == 'short':
        keypoints['Train/S1']['Jog 1 chunk2'][2] = np.ones((3, 15, 2))
    elif what == 'joints':
        poses['Train/S1']['Jog 1 chunk2'] = np.ones((4, 17, 3))
    else:
        poses['Train/S1']['Jog 1 chunk2'][1, 2] = np.nan


@pytest.mark.parametrize(
    ('what', 'message'),
    [
        ('detections as projections', '2d.npz: S1, C2: expected a camera that puts'),
        ('no keypoints', '2d.npz: expected Train/S1 / Jog 1 chunk2, got none'),
        ('short', r'2d.npz: .*Jog 1 chunk2.* expected keypoints of 4 frames, .* got 3'),
        ('joints', r'3d.npz: .*chunk2: expected numbers of 15 joints, got .*4, 17, 3'),
        ('nan', '3d.npz: Train/S1 / Jog 1 chunk2: .* and NaN'),
    ],
)
def test_errors(files, what, message):
    poses = made_poses()
    keypoints = made_keypoints(poses)
    broken(poses, keypoints, what)
    save(files / '3d.npz', positions_3d=poses)
    save(files / '2d.npz', positions_2d=keypoints)
    with pytest.raises(ValueError, match=message):
        make(files)


def test_a_subject_that_is_not_there(files):
    with pytest.raises(ValueError, match='subjects: expected of S1, S4, got S9'):
        make(files, subjects=('S1', 'S9'))


def test_humaneva(shared_data, tmp_path):
    folder = shared_data / 'humaneva'
    made = make_humaneva(
        tmp_path,
        folder / 'data_3d_humaneva15.npz',
        folder / 'data_2d_humaneva15.npz',
    )
    assert sum(made.frames.values()) == 3 * 9577
    assert len(made.cameras) == 9
    for fitted in made.cameras.values():
        assert fitted.mean < 0.01
        assert fitted.largest < 0.5
    for path in made.frames:
        poses = read_arrays(path, JOINTS).poses
        # A person of usual size, some metres from the camera, head up.
        assert (poses[..., 2] > 2).all()
        assert (poses[..., 2] < 7).all()
        above = poses[:, 0, 1] - poses[:, 14, 1]
        assert 0.5 < np.median(above) < 0.9
