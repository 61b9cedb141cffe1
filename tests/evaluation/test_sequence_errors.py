"""Errors of each frame, by hand."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from ppt_mmpose.evaluation.sequence_errors import frame_errors

TRUTH = np.random.RandomState(0).randn(4, 5, 3)
VISIBLE = np.ones((4, 5), bool)


def errors(predicted, mode='mpjpe', *, truth=TRUTH, visible=None, **options):
    count = len(predicted)
    options.setdefault('frames', np.arange(count))
    if visible is None:
        visible = np.ones(truth.shape[:2], bool)
    return frame_errors(predicted, truth, visible, mode=mode, **options)


def test_mm_and_the_root():
    moved = TRUTH + np.array([0.03, 0.04, 0])
    np.testing.assert_allclose(errors(moved), 0, atol=1e-9)
    np.testing.assert_allclose(errors(moved, root_index=None), 50)
    one = TRUTH.copy()
    one[2, 3] += np.array([0.03, 0.04, 0])
    np.testing.assert_allclose(errors(one), [0, 0, 10, 0], atol=1e-9)
    # A wrong root moves all others.
    np.testing.assert_allclose(errors(one, root_index=3), [0, 0, 40, 0], atol=1e-9)


def test_the_similarity_is_of_each_frame():
    predicted = np.stack(
        [
            (2 + frame) * pose @ Rotation.from_euler('xyz', [frame, 1, 2]).as_matrix().T
            + frame
            for frame, pose in enumerate(TRUTH)
        ]
    )
    assert errors(predicted).min() > 100
    np.testing.assert_allclose(errors(predicted, 'p-mpjpe'), 0, atol=1e-9)
    np.testing.assert_allclose(
        errors(predicted, 'p-mpjpe', root_index=None), 0, atol=1e-9
    )
    assert errors(predicted, 'n-mpjpe').min() > 100


def test_the_scale_is_of_each_frame():
    predicted = TRUTH * np.array([0.5, 1, 2, 3])[:, None, None]
    np.testing.assert_allclose(errors(predicted, 'n-mpjpe'), 0, atol=1e-9)


def test_scale_by_hand():
    truth = np.zeros((1, 3, 3))
    truth[0, 1] = [1, 0, 0]
    truth[0, 2] = [0, 2, 0]
    predicted = np.zeros((1, 3, 3))
    predicted[0, 1] = [2, 0, 0]
    # Products 2, squares 4: the scale is a half, joint 1 exact, joint 2 off by 2 m.
    got = errors(predicted, 'n-mpjpe', truth=truth)
    np.testing.assert_allclose(got, 2000 / 3)


def test_poses_in_one_point():
    point = np.zeros_like(TRUTH)
    rooted = TRUTH - TRUTH[:, :1]
    lengths = 1000 * np.linalg.norm(rooted, axis=-1).mean(1)
    np.testing.assert_allclose(errors(point, 'n-mpjpe'), lengths)
    middle = rooted.mean(1, keepdims=True)
    spread = 1000 * np.linalg.norm(rooted - middle, axis=-1).mean(1)
    np.testing.assert_allclose(errors(point, 'p-mpjpe'), spread)


def test_steps_by_hand():
    predicted = TRUTH.copy()
    # Joint 1 is off in frame 2 only: so are the steps to it and from it.
    predicted[2, 1, 0] += 0.05
    got = errors(predicted, 'mpjve')
    np.testing.assert_allclose(got, [np.nan, 0, 10, 10], atol=1e-9)
    # A constant offset of a joint is no wrong step.
    predicted = TRUTH + np.array([0, 1, 0, 0, 0])[None, :, None]
    np.testing.assert_allclose(errors(predicted, 'mpjve')[1:], 0, atol=1e-9)
    gap = errors(predicted, 'mpjve', frames=np.array([0, 1, 5, 6]))
    np.testing.assert_array_equal(np.isnan(gap), [True, False, True, False])


@pytest.mark.parametrize('mode', ['mpjpe', 'p-mpjpe', 'n-mpjpe', 'mpjve'])
def test_joints_without_label_do_not_matter(mode):
    visible = VISIBLE.copy()
    visible[:, 4] = False
    predicted = TRUTH + 0.1 * np.random.RandomState(1).randn(*TRUTH.shape)
    wild = predicted.copy()
    wild[:, 4] += 9
    got = errors(wild, mode, visible=visible)
    np.testing.assert_allclose(got, errors(predicted, mode, visible=visible))
    less = errors(predicted[:, :4], mode, truth=TRUTH[:, :4])
    np.testing.assert_allclose(got, less)


def test_frames_without_enough_joints():
    visible = VISIBLE.copy()
    visible[0] = False
    visible[1, 2:] = False
    assert np.isnan(errors(TRUTH, visible=visible)).tolist() == [True] + 3 * [False]
    fitted = errors(TRUTH, 'p-mpjpe', visible=visible)
    assert np.isnan(fitted).tolist() == [True, True, False, False]


def test_another_mode():
    with pytest.raises(ValueError, match="mode: expected one of .*, got 'pck'"):
        errors(TRUTH, 'pck')
