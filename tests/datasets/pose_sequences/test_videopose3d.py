import numpy as np
import pytest
from made_videopose3d import save

from ppt_mmpose.datasets.pose_sequences.videopose3d import (
    cut_to,
    read_keypoints,
    read_poses,
)

POSES = np.arange(18.0).reshape(2, 3, 3)


def test_poses_and_keypoints(tmp_path):
    poses = save(tmp_path / '3d.npz', positions_3d={'S1': {'Jog 1': POSES}})
    read = read_poses(poses)
    np.testing.assert_array_equal(read['S1', 'Jog 1'], POSES)
    assert type(read['S1', 'Jog 1']) is np.ndarray
    assert read['S1', 'Jog 1'].dtype == np.float32
    both = [POSES[..., :2], POSES]
    for views in (both, np.stack([POSES, POSES + 1])):
        keypoints = save(tmp_path / '2d.npz', positions_2d={'S1': {'Jog 1': views}})
        given = read_keypoints(keypoints)['S1', 'Jog 1']
        assert len(given) == 2
        for view, expected in zip(given, views):
            np.testing.assert_array_equal(view, expected)


@pytest.mark.parametrize(
    ('positions', 'message'),
    [
        ({'S1': {'Jog': POSES[0]}}, r'S1 / Jog: expected \(frames, joints, 3\) .*3, 3'),
        ({'S1': {'Jog': POSES[..., :2]}}, r'\(2, 3, 2\)'),
        ({'S1': {'Jog': POSES.astype(str)}}, r'got <U32 of shape'),
        ({'S1': POSES}, 'positions_3d, a dictionary of subjects'),
        ([1], 'positions_3d, a dictionary of subjects .* got'),
    ],
)
def test_what_is_wrong_with_a_file(tmp_path, positions, message):
    path = save(tmp_path / '3d.npz', positions_3d=positions)
    with pytest.raises(ValueError, match=f'3d.npz: .*{message}'):
        read_poses(path)


def test_another_file(tmp_path):
    path = save(tmp_path / '3d.npz', positions_3d={'S1': {'Jog': POSES}})
    with pytest.raises(ValueError, match='3d.npz: expected positions_2d, .* NoneType'):
        read_keypoints(path)


def test_cut():
    assert len(cut_to(POSES, 1, 'here')) == 1
    with pytest.raises(ValueError, match='here: expected keypoints of 3 frames, .* 2'):
        cut_to(POSES, 3, 'here')
