import numpy as np
import pytest
from made_skeletons import H36M, T_POINTS
from scipy.spatial.transform import Rotation

from ppt_mmpose.motion_files.joint_rotations import (
    bone_directions,
    determined,
    held,
    joint_positions,
    joint_rotations,
    nearest_rotations,
)
from ppt_mmpose.motion_files.joint_tree import joint_tree
from ppt_mmpose.motion_files.rest_pose import rest_offsets

X, Y, Z = np.eye(3)
QUARTER = dict(
    x=[[1, 0, 0], [0, 0, -1], [0, 1, 0]],
    y=[[0, 0, 1], [0, 1, 0], [-1, 0, 0]],
    z=[[0, -1, 0], [1, 0, 0], [0, 0, 1]],
)


def nearest(rest, found):
    rest, found = np.array(rest, float), np.array(found, float)
    return nearest_rotations(rest, found[None], np.ones((1, len(rest)), bool))[0]


@pytest.mark.parametrize(
    ('rest', 'found', 'about'),
    [(Y, Z, 'x'), (Z, X, 'y'), (X, Y, 'z')],
)
def test_one_bone_is_turned_by_the_smallest_rotation(rest, found, about):
    np.testing.assert_allclose(nearest([rest], [found]), QUARTER[about], atol=1e-7)
    # The same for two bones on a line.
    line = nearest([rest, -rest], [found, -found])
    np.testing.assert_allclose(line, QUARTER[about], atol=1e-7)


def test_several_bones_as_scipy_does_it_and_never_as_a_mirror():
    rng = np.random.default_rng(0)
    for bones in (2, 3, 5):
        rest, found = rng.normal(size=(2, bones, 3))
        rest /= np.linalg.norm(rest, axis=1, keepdims=True)
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        theirs, _ = Rotation.align_vectors(found, rest)
        ours = nearest(rest, found)
        np.testing.assert_allclose(ours, theirs.as_matrix(), atol=1e-6)
        assert np.linalg.det(ours) == pytest.approx(1)
    assert np.linalg.det(nearest([X, Y, Z], [-X, -Y, -Z])) == pytest.approx(1)


def test_what_is_not_there_does_not_count():
    rest, found = np.array([Y, X]), np.array([[Z, [np.nan] * 3]])
    (turn,) = nearest_rotations(rest, found, np.array([[True, False]]))
    np.testing.assert_allclose(turn, QUARTER['x'], atol=1e-7)


def test_directions_of_bones():
    points = np.array([[[0, 0, 0], [0, 0.5, 0], [0, 0, 0], [np.nan] * 3]])
    found, there = bone_directions(points, 0, [1, 2, 3])
    assert there.tolist() == [[True, False, False]]
    np.testing.assert_array_equal(found[0, 0], Y)


def test_when_a_joint_is_determined():
    rest = np.array([X, -X, Y])
    there = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 1], [0, 0, 1], [0, 0, 0]], bool)
    assert determined(rest, there).tolist() == [True, False, True, False, False]
    # Two must be 60 degrees off a line.
    for angle, enough in ((55, False), (65, True), (115, True), (125, False)):
        other = [np.cos(np.radians(angle)), np.sin(np.radians(angle)), 0]
        three = np.array([X, other, Z])
        found = determined(three, np.array([[1, 1, 0], [1, 1, 1]], bool))
        assert found.tolist() == [enough, True]
    # All that ever are found suffice.
    two = determined(rest, there & [True, True, False])
    assert two.tolist() == [True, True, False, False, False]
    assert not determined(rest, np.zeros((2, 3), bool)).any()


def test_held():
    there = np.array([0, 1, 0, 0, 1, 0], bool)
    assert held(np.arange(6), there).tolist() == [1, 1, 1, 1, 4, 4]


def test_a_rotation_is_told_against_the_parent():
    """An arm that is raised by a person who turns."""
    tree = joint_tree(H36M)
    turn = Rotation.from_matrix(QUARTER['y'])
    points = np.stack([T_POINTS, turn.apply(T_POINTS)])
    elbow, wrist = (H36M.keypoint_names.index(f'left_{n}') for n in ('elbow', 'wrist'))
    points[1, wrist] = points[1, elbow] + [0, 0.25, 0]
    offsets = rest_offsets(tree, H36M.keypoint_names, points)
    turned = joint_rotations(tree, offsets, points)
    expected = np.tile(np.eye(3), (2, 17, 1, 1))
    expected[1, 0], expected[1, elbow] = QUARTER['y'], QUARTER['z']
    np.testing.assert_allclose(turned, expected, atol=1e-7)
    steps = np.tile(offsets, (2, 1, 1))
    steps[:, 0] = points[:, 0]
    back = joint_positions(tree.parents, steps, turned)
    np.testing.assert_allclose(back, points, atol=1e-7)


def test_a_joint_of_which_too_little_is_found_keeps_its_rotation():
    tree = joint_tree(H36M)
    turn = Rotation.from_matrix(QUARTER['y'])
    points = np.stack([T_POINTS, turn.apply(T_POINTS), T_POINTS, T_POINTS])
    spine = H36M.keypoint_names.index('spine')
    points[0, 0] = np.nan
    points[2, spine] = np.nan  # both hips are on a line with the root
    turned = joint_rotations(
        tree, rest_offsets(tree, H36M.keypoint_names, points), points
    )[:, 0]
    kept = [QUARTER['y'], QUARTER['y'], QUARTER['y'], np.eye(3)]
    np.testing.assert_allclose(turned, kept, atol=1e-7)
