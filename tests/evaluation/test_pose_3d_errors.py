import numpy as np
import pytest
from mmpose.evaluation.functional import keypoint_mpjpe
from scipy.spatial.transform import Rotation

from ppt_mmpose.evaluation import pose_3d_errors

MM = 1e-3
X = np.array([1, 0, 0]) * MM


@pytest.fixture
def truth():
    return np.random.RandomState(0).randn(3, 5, 3)


def errors(predicted, truth, *, found=None, visible=None, **options):
    everything = np.ones(truth.shape[:2], bool)
    return pose_3d_errors(
        predicted,
        truth,
        found=everything if found is None else found,
        visible=everything if visible is None else visible,
        **options,
    )


def test_a_constant_shift(truth):
    shifted = truth + np.array([3, 4, 0]) * MM
    in_world = errors(shifted, truth)
    assert in_world.overall == pytest.approx(5)
    np.testing.assert_allclose(in_world.by_joint, [5] * 5)
    for mode in ('root', 'p-mpjpe'):
        assert errors(shifted, truth, mode=mode).overall == pytest.approx(0, abs=1e-9)


def test_the_root_may_be_the_middle_of_joints(truth):
    moved = truth.copy()
    moved[:, 1] += 8 * X
    # The middle of 1 and 2 moves by 4 mm, so 1 is off by 4, and so are the others.
    assert errors(moved, truth, mode='root', root=(1, 2)).overall == pytest.approx(4)
    assert errors(moved, truth, mode='root', root=(0,)).overall == pytest.approx(8 / 5)


def test_a_similar_pose_has_no_error_after_procrustes(truth):
    turn = Rotation.from_euler('xyz', [0.3, -1, 2]).as_matrix()
    similar = 0.7 * truth @ turn.T + [1, 2, 3]
    assert errors(similar, truth).overall > 1000
    assert errors(similar, truth, mode='p-mpjpe').overall == pytest.approx(0, abs=1e-9)
    # A mirror image is not similar.
    mirrored = truth * [-1, 1, 1]
    assert errors(mirrored, truth, mode='p-mpjpe').overall > 100


def test_as_mmpose_where_all_joints_count(truth):
    noisy = truth + 0.1 * np.random.RandomState(1).randn(*truth.shape)
    everything = np.ones(truth.shape[:2], bool)
    for mode, alignment in {'mpjpe': 'none', 'p-mpjpe': 'procrustes'}.items():
        theirs = keypoint_mpjpe(noisy, truth, everything, alignment) / MM
        assert errors(noisy, truth, mode=mode).overall == pytest.approx(theirs)


def test_a_joint_at_the_bound_is_correct(truth):
    moved = truth.copy()
    moved[:, 0, 2] += 150 * MM
    moved[:, 1, 2] -= 150.1 * MM
    moved[0, 2, 2] += 1
    result = errors(moved, truth, mode='pck3d')
    np.testing.assert_allclose(result.by_joint, [1, 0, 2 / 3, 1, 1])
    assert result.overall == pytest.approx(11 / 15)
    wide = errors(moved, truth, mode='pck3d', pck_threshold=151)
    assert wide.overall == pytest.approx(14 / 15)


def test_every_pose_counts_the_same(truth):
    # 10 mm in the one joint of the first pose, 1 mm in the ten of the others.
    moved = truth + X
    moved[0] = truth[0] + 10 * X
    visible = np.ones((3, 5), bool)
    visible[0, 1:] = False
    result = errors(moved, truth, visible=visible)
    assert result.overall == pytest.approx((10 + 1 + 1) / 3)
    np.testing.assert_allclose(result.by_joint, [4, 1, 1, 1, 1])


def test_means_of_actions(truth):
    moved = truth.copy()
    for pose, error in enumerate([1, 3, 8]):
        moved[pose, :, 1] += error * MM
    result = errors(moved, truth, actions=['walk', 'sit', 'walk'])
    assert result.by_action == pytest.approx(dict(walk=4.5, sit=3))
    assert errors(moved, truth, actions=[None, 5, None]).by_action == {
        5: pytest.approx(3)
    }
    assert errors(moved, truth).by_action == {}


def test_joints_without_label(truth):
    moved = truth + 5 * X
    visible = np.ones((3, 5), bool)
    visible[1, :2] = visible[:, 4] = False
    left_out = errors(moved, truth, visible=visible)
    assert left_out.overall == pytest.approx(5)
    np.testing.assert_allclose(left_out.by_joint, [5, 5, 5, 5, np.nan])
    # Of 15 joints 5 have no label, and the released code gives these no error.
    release = errors(moved, truth, visible=visible, mask='release')
    assert release.overall == pytest.approx(5 * (4 + 2 + 4) / 15)
    np.testing.assert_allclose(release.by_joint, [10 / 3, 10 / 3, 5, 5, 0])
    near = dict(mode='pck3d', pck_threshold=1, visible=visible)
    assert errors(moved, truth, **near).overall == 0
    assert errors(moved, truth, mask='release', **near).overall == pytest.approx(5 / 15)


def test_joints_that_were_not_found(truth):
    found = np.ones((3, 5), bool)
    found[0, 3] = found[2] = False
    lost = np.where(found[..., None], truth + 2 * X, 0)
    assert errors(lost, truth, found=found).overall == pytest.approx(2)
    hits = errors(lost, truth, found=found, mode='pck3d')
    assert hits.overall == pytest.approx((4 / 5 + 1 + 0) / 3)
    # The best similarity must not see where joints are that were not found.
    aligned = errors(lost, truth, found=found, mode='p-mpjpe').overall
    assert aligned == pytest.approx(0, abs=1e-9)


def test_poses_that_cannot_be_aligned_are_left_out(truth):
    moved = truth + 1
    visible = np.ones((3, 5), bool)
    visible[0, 0] = False
    visible[1, 2:] = False
    moved[2, 1] += 5 * X
    for mask in ('visible', 'release'):
        rooted = errors(moved, truth, visible=visible, mode='root', mask=mask)
        # Pose 0 has no root; of pose 1 there is no error, of pose 2 one joint's.
        assert rooted.overall == pytest.approx((0 + 1) / 2)
        similar = errors(
            moved[1:2], truth[1:2], visible=visible[1:2], mode='p-mpjpe', mask=mask
        )
        assert np.isnan(similar.overall)
        assert np.isnan(similar.by_joint).all()


def test_joints_in_one_point_are_as_near_as_their_middle(truth):
    # Three joints at 0, 1 and 5 mm along a line, whose middle is at 2 mm.
    line = np.zeros((1, 3, 3))
    line[0, :, 0] = np.array([0, 1, 5]) * MM
    result = errors(np.ones((1, 3, 3)), line, mode='p-mpjpe')
    np.testing.assert_allclose(result.by_joint, [2, 1, 3])


def test_nothing_is_changed_in_place(truth):
    before = truth.copy()
    for mode in ('mpjpe', 'root', 'p-mpjpe', 'pck3d'):
        errors(truth, truth, mode=mode)
    np.testing.assert_array_equal(truth, before)


def test_what_is_refused(truth):
    with pytest.raises(ValueError, match=r"mode: expected one of .* got 'n-mpjpe'"):
        errors(truth, truth, mode='n-mpjpe')
    with pytest.raises(ValueError, match=r"mask: expected one of .* got 'all'"):
        errors(truth, truth, mask='all')
    message = r'truth: expected the shape \(3, 4, 3\) .* got \(3, 5, 3\)'
    with pytest.raises(ValueError, match=message):
        errors(truth[:, :4], truth)
    message = r'visible: expected the shape \(3, 5\) .* got \(3, 1\)'
    with pytest.raises(ValueError, match=message):
        errors(truth, truth, visible=np.ones((3, 1), bool))
