"""From made-up files in the form of VideoPose3D's: Human3.6M's own were not at hand."""

import pickle

import numpy as np
import pytest
from made_videopose3d import camera_around, moving_person, save, seen
from mmpose.registry import DATASETS

from ppt_mmpose.calibration.formats import h36m as calibrations
from ppt_mmpose.datasets.pose_sequences import (
    make_h36m,
    read_arrays,
    read_cameras,
    videos_of,
)
from ppt_mmpose.datasets.pose_sequences.camera_fit import in_camera
from ppt_mmpose.datasets.pose_sequences.h36m import HEIGHTS, JOINTS, projected

# No tangential distortion: Human3.6M's is not quite OpenCV's.
CAMERAS = {
    (subject, name): camera_around(view + int(subject[1:]), (1000, 1002), p=(0, 0))
    for subject in ('S1', 'S9')
    for view, name in enumerate(HEIGHTS)
}
TAKES = {'S1': {'Directions 1': 4, 'Photo': 3}, 'S9': {'SittingDown 2': 5, 'Photo': 2}}
MOVING = [0, 1, 2, 3, 6, 7, 8, 12, 13, 14, 15, 17, 18, 19, 25, 26, 27]


@pytest.fixture
def files(tmp_path):
    poses = {
        subject: {
            action: moving_person(length, 32, seed=length)
            for action, length in actions.items()
        }
        for subject, actions in TAKES.items()
    }
    found = {
        subject: {
            action: [
                # One frame more than there are poses.
                np.pad(
                    seen(given[:, MOVING], CAMERAS[subject, name]) + 2,
                    ((0, 1), (0, 0), (0, 0)),
                )
                for name in HEIGHTS
            ]
            for action, given in actions.items()
        }
        for subject, actions in poses.items()
    }
    save(tmp_path / '3d.npz', positions_3d=poses)
    save(tmp_path / '2d.npz', positions_2d=found)
    (tmp_path / 'cameras.pkl').write_bytes(pickle.dumps(CAMERAS))
    return tmp_path, poses, found


def make(folder, **options):
    options = dict(detections_file=folder / '2d.npz') | options
    return make_h36m(
        folder / 'out', folder / '3d.npz', folder / 'cameras.pkl', **options
    )


def test_what_is_written(files):
    folder, poses, _ = files
    annotations = folder / 'out' / 'annotation_body3d'
    train = annotations / 'fps50' / 'h36m_train.npz'
    test = annotations / 'fps50' / 'h36m_test.npz'
    assert make(folder) == {train: 4 * 7, test: 4 * 7}
    names, given, keypoints = read_arrays(train, JOINTS)
    assert 'S1_Directions_1.54138969_000001.jpg' in names
    for video in videos_of(names, 'file'):
        world = poses['S1'][video.action.replace('_', ' ')][:, MOVING]
        camera = CAMERAS['S1', video.camera]
        np.testing.assert_allclose(
            given[video.rows, :, :3], in_camera(world, camera), atol=1e-5
        )
        np.testing.assert_allclose(
            keypoints[video.rows, :, :2], seen(world, camera), atol=1e-2
        )
    cameras = read_cameras(annotations / 'cameras.json')
    assert cameras['S9', '54138969']['h'] == 1002
    assert cameras['S9', '55011271']['h'] == 1000
    found = folder / 'out' / 'joint_2d_det_files' / 'cpn_ft_h36m_dbb_train.npy'
    detected = read_arrays(train, JOINTS, found).keypoints
    np.testing.assert_allclose(detected[..., :2], keypoints[..., :2] + 2, atol=1e-2)


def test_takes_left_out_and_seventeen_joints(files):
    folder, poses, _ = files
    for actions in poses.values():
        for action, given in actions.items():
            actions[action] = given[:, MOVING]
    save(folder / '3d.npz', positions_3d=poses)
    made = make(folder, skip=['S9_SittingDown_2'], detector='mine')
    assert list(made.values()) == [4 * 7, 4 * 2]
    assert (folder / 'out' / 'joint_2d_det_files' / 'mine_test.npy').exists()
    with pytest.raises(ValueError, match='skip: expected takes of .*, got S9_Sitting'):
        make(folder, skip=['S9_Sitting'])


def test_the_dataset_reads_it(files):
    folder, _, _ = files
    make(folder)
    dataset = DATASETS.build(
        dict(
            type='PoseSequenceDataset',
            data_root=str(folder / 'out'),
            ann_file='annotation_body3d/fps50/h36m_test.npz',
            camera_param_file='annotation_body3d/cameras.json',
            keypoint_2d_src='detection',
            keypoint_2d_det_file='joint_2d_det_files/cpn_ft_h36m_dbb_test.npy',
            frames=3,
        )
    )
    # Of four cameras, 2 windows of 5 frames and 1 of 2.
    assert len(dataset) == 4 * 3
    assert sum(int((~sample['padded']).sum()) for sample in dataset) == 4 * 7


def test_cameras_of_mmpose(mmpose_sample):
    path = mmpose_sample / 'h36m' / 'cameras.pkl'
    calibration = calibrations.read(path)
    cameras = read_cameras(path)
    points = np.random.RandomState(0).randn(5, 3)
    for view, name in enumerate(calibration.names):
        key = tuple(name.split('_'))
        rotation = calibration.cameras.rotation[view].numpy()
        shift = calibration.cameras.translation[view].numpy()
        np.testing.assert_allclose(
            in_camera(points, cameras[key]), points @ rotation.T + shift, atol=1e-6
        )


def test_labels_of_human36m_are_projected_so(mmpose_sample):
    folder = mmpose_sample / 'h36m'
    cameras = read_cameras(folder / 'cameras.pkl')
    stored = np.load(folder / 'test_h36m_body3d.npz')
    for video in videos_of(stored['imgname'], 'file'):
        camera = cameras[video.subject, video.camera]
        given = projected(stored['S'][video.rows, :, :3], camera)
        np.testing.assert_allclose(given, stored['part'][video.rows, :, :2], atol=1e-4)


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (
            lambda poses, found: found['S9'].pop('Photo'),
            '2d.npz: expected detections of 17 joints from 4 .* for S9_Photo, got 0',
        ),
        (
            lambda poses, found: found['S9']['Photo'].pop(),
            'for S9_Photo, got 3 cameras',
        ),
        (
            lambda poses, found: found['S1'].update(Photo=[np.ones((2, 17, 2))] * 4),
            '2d.npz: S1_Photo, 54138969: expected keypoints of 3 frames, .* got 2',
        ),
        (
            lambda poses, found: poses['S1'].update(Photo=np.ones((3, 16, 3))),
            r'3d.npz: S1_Photo: expected numbers of 32 joints, .* \(3, 16, 3\)',
        ),
        (
            lambda poses, found: poses['S1']['Photo'].fill(np.nan),
            '3d.npz: S1_Photo: .* and NaN',
        ),
        (
            lambda poses, found: poses.update(S5=poses['S1']),
            r'2d.npz: .* for S5_Directions_1, got 0',
        ),
    ],
)
def test_errors(files, change, message):
    folder, poses, found = files
    change(poses, found)
    save(folder / '3d.npz', positions_3d=poses)
    save(folder / '2d.npz', positions_2d=found)
    with pytest.raises(ValueError, match=message):
        make(folder)


def test_cameras_that_lack_something(files):
    folder, poses, _ = files
    save(folder / '3d.npz', positions_3d=dict(poses, S5=poses['S1']))
    with pytest.raises(ValueError, match='cameras.pkl: expected the camera S5.54138'):
        make(folder, detections_file=None)
    cameras = {key: {'w': 1, 'h': 1, 'R': np.eye(3)} for key in CAMERAS}
    (folder / 'cameras.pkl').write_bytes(pickle.dumps(cameras))
    with pytest.raises(ValueError, match='camera S1.54138969: .* got no T, f, c, k, p'):
        make(folder)
