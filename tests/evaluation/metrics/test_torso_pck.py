import numpy as np
import pytest
from mmpose.registry import METRICS


def sample_of(error, visible=(1, 1, 1), torso=10.0):
    """Joints 0 and 2 span the torso; joint 1 is off by ``error`` px."""
    truth = np.array([[[0.0, 0.0], [50.0, 50.0], [0.0, torso]]])
    found = truth + np.array([[[0, 0], [error, 0], [0, 0]]])
    return dict(
        pred_instances=dict(keypoints=found),
        gt_instances=dict(
            keypoints=truth,
            keypoints_visible=np.array([visible], dtype=float),
            bboxes=np.array([[0.0, 0.0, 60.0, 60.0]]),
        ),
    )


def score(*samples):
    metric = METRICS.build(dict(type='TorsoPCKAccuracy', thr=0.2, torso=(0, 2)))
    for sample in samples:
        metric.process([{}], [sample])
    return metric.evaluate(len(samples))['tPCK']


def test_computed_by_hand():
    # 0.2 of a torso of 10 px is 2 px.
    assert score(sample_of(1.9)) == 1
    assert score(sample_of(2.1)) == pytest.approx(2 / 3)
    assert score(sample_of(1.9), sample_of(2.1)) == pytest.approx((1 + 0.5 + 1) / 3)


def test_hidden_joints_do_not_count():
    assert score(sample_of(9, visible=(1, 0, 1))) == 1


def test_without_a_torso_the_person_is_left_out():
    good, no_torso = sample_of(1), sample_of(9, visible=(0, 1, 1))
    assert score(good, no_torso) == 1
    assert score(good, sample_of(9, torso=0.0)) == 1
