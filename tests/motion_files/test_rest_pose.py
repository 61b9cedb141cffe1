import numpy as np
import pytest
from made_skeletons import H36M, T_POINTS, recording, rigid_motion
from scipy.spatial.transform import Rotation

from ppt_mmpose.motion_files.joint_tree import joint_tree
from ppt_mmpose.motion_files.rest_pose import named_direction, rest_offsets

X, Y, Z = np.eye(3)
NAMES = H36M.keypoint_names
TREE = joint_tree(H36M)
PARENTS = np.array(TREE.parents)


@pytest.mark.parametrize(
    ('name', 'direction'),
    [
        *(('left_hip', X), ('Right Hip', -X), ('left_wrist', X), ('right_elbow', -X)),
        *(('left_knee', -Y), ('right_foot', -Y), ('left_ankle', -Y), ('heel', -Y)),
        *(('left_big_toe', Z), ('spine', Y), ('head', Y), ('what', Y)),
    ],
)
def test_directions_by_name(name, direction):
    np.testing.assert_array_equal(named_direction(name), direction)


def test_a_person_who_moves_rests_as_a_t():
    expected = T_POINTS - T_POINTS[PARENTS]
    expected[0] = 0
    rng = np.random.default_rng(1)
    turn = Rotation.random(9, random_state=rng)
    points = np.stack([one.apply(T_POINTS) for one in turn]) + np.ones(3)
    # Arms and legs wherever: their bones turn alone.
    for name, end in (('elbow', 'wrist'), ('knee', 'foot')):
        joint, last = NAMES.index(f'left_{name}'), NAMES.index(f'left_{end}')
        bone = np.linalg.norm(T_POINTS[last] - T_POINTS[joint])
        points[:, last] = points[:, joint] + bone * turn.apply([0, 0.6, 0.8])
    found = rest_offsets(TREE, NAMES, points)
    np.testing.assert_allclose(found, expected, atol=1e-7)


def test_bones_of_one_joint_keep_the_angles_found_between_them():
    """Shoulders that hang by 30 degrees, whose T has them level."""
    names = ['root', 'left_shoulder', 'right_shoulder', 'head']
    some = recording(names, [('root', name) for name in names[1:]])
    down, out = -0.5, np.sqrt(0.75)
    pose = np.array([[0, 0, 0], [out, down, 0], [-out, down, 0], [0, 2, 0]])
    turn = Rotation.random(5, random_state=np.random.default_rng(0))
    points = np.stack([one.apply(pose) for one in turn])
    found = rest_offsets(joint_tree(some), names, points)
    np.testing.assert_allclose(found, pose, atol=1e-7)


def test_angles_are_exact_where_names_tell_nothing():
    names = ['root', 'a', 'b', 'c']
    some = recording(names, [('root', name) for name in names[1:]])
    rng = np.random.default_rng(0)
    pose = np.vstack([np.zeros(3), rng.normal(size=(3, 3))])
    turn = Rotation.random(7, random_state=rng)
    points = np.stack([one.apply(pose) for one in turn])
    # Cosines times lengths.
    found = rest_offsets(joint_tree(some), names, points)
    np.testing.assert_allclose(found @ found.T, pose @ pose.T, atol=1e-7)
    # They point up, as far as the angles let them.
    lengths = np.linalg.norm(pose[1:], axis=1)
    assert (found[1:, 1] / lengths).sum() == pytest.approx(
        np.linalg.norm((pose[1:] / lengths[:, None]).sum(0)), abs=1e-6
    )
    # Also where never all are found at once, every length.
    points[:3, 1], points[3:5, 2], points[5:, 3] = np.nan, np.nan, np.nan
    found = rest_offsets(joint_tree(some), names, points)
    np.testing.assert_allclose(np.linalg.norm(found[1:], axis=1), lengths, atol=1e-9)


def test_lengths_are_the_median_of_what_was_found():
    some = recording(['root', 'head', 'hat'], [('root', 'head'), ('head', 'hat')])
    points = np.zeros((4, 3, 3))
    points[:, 1, 2] = [1, 2, 10, 99]
    points[3, 1] = np.nan
    points[:, 2] = np.nan
    found = rest_offsets(joint_tree(some), some.keypoint_names, points)
    np.testing.assert_allclose(found, [[0, 0, 0], [0, 2, 0], [0, 0, 0]])


def test_any_motion_of_rigid_bones_has_their_lengths():
    points = rigid_motion()
    lengths = np.linalg.norm(points - points[:, PARENTS], axis=2)[0]
    lengths[0] = 0
    found = rest_offsets(TREE, NAMES, points)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), lengths, atol=1e-9)
