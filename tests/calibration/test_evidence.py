import math

import numpy as np
import pytest

from ppt_mmpose.calibration.evidence import Points, checked_evidence


@pytest.fixture
def scene(made_up):
    ring = made_up.ring(3)
    points = made_up.person(4)
    return ring.cameras, points, made_up.seen(ring, points)


def test_what_is_missing_has_no_score(scene):
    cameras, _, keypoints = scene
    scores = np.ones(keypoints.shape[:3])
    keypoints[0, 1, 2] = np.nan
    scores[1, 0, 3] = np.nan
    scores[2, 2, 4] = 0
    evidence = checked_evidence(3, keypoints, scores, None)
    missing = (~evidence.seen).nonzero().tolist()
    assert missing == [[0, 1, 2], [1, 0, 3], [2, 2, 4]]
    assert evidence.misfit(cameras) < 1


def test_misfit_is_a_median_over_what_was_seen(scene):
    cameras, points, _ = scene
    exact = cameras.project(cameras.centres.new_tensor(points)).pixels.numpy()
    evidence = checked_evidence(3, exact + np.array([3, 4]), None, points)
    assert evidence.misfit(cameras) == pytest.approx(5)
    one = evidence.of_views([1])
    assert one.misfit(cameras.select([1])) == pytest.approx(5)


def test_points_behind_or_nowhere_are_infinitely_wrong(scene):
    cameras, points, keypoints = scene
    evidence = checked_evidence(3, keypoints, None, points)
    behind = points + 3 * cameras.centres[0].numpy()
    labels = Points(cameras.centres.new_tensor(behind), evidence.points(cameras).found)
    assert math.isinf(evidence.of_views([0]).misfit(cameras.select([0]), labels))
    nowhere = checked_evidence(3, keypoints, None, points * np.nan)
    assert math.isinf(nowhere.misfit(cameras))


def test_shapes(scene):
    _, points, keypoints = scene
    with pytest.raises(ValueError, match=r'keypoints_2d: expected the shape \(T, 2'):
        checked_evidence(2, keypoints, None, None)
    with pytest.raises(ValueError, match=r'scores: expected the shape \(4, 3, 12\)'):
        checked_evidence(3, keypoints, keypoints[..., 0, 0], None)
    with pytest.raises(ValueError, match=r'keypoints_3d: expected the shape \(4, 12'):
        checked_evidence(3, keypoints, None, points[:2])
    with pytest.raises(ValueError, match='calibration: expected two cameras or more'):
        checked_evidence(1, keypoints[:, :1], None, None)
