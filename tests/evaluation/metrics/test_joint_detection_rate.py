import numpy as np
import pytest
from mmpose.registry import METRICS


def sample_of(errors, visible=(1, 1, 1), **label):
    """Three joints at (100, 200), off along x by these numbers of px."""
    truth = np.full((1, 3, 2), (100.0, 200.0), np.float32)
    found = truth.copy()
    found[0, :, 0] += np.float32(errors)
    return dict(
        pred_instances=dict(keypoints=found),
        gt_instances=dict(
            keypoints=truth,
            keypoints_visible=np.array([visible], np.float32),
            bboxes=np.array([[0, 0, 30, 60]], np.float32),
            **label,
        ),
    )


def metric_of(**options):
    return METRICS.build(dict(type='JointDetectionRate', **options))


def score(*samples, names=None, **options):
    metric = metric_of(**options)
    if names:
        metric.dataset_meta = dict(keypoint_id2name=dict(enumerate(names)))
    metric.process([{}], samples)
    return metric.evaluate(len(samples))


def test_a_joint_at_the_threshold_is_found():
    assert score(sample_of([12.8, 12.81, 0]))['pose_2d/JDR'] == pytest.approx(2 / 3)
    exact = score(sample_of([-12.8, -12.81, 500]), threshold=12.81)
    assert exact['pose_2d/JDR'] == pytest.approx(2 / 3)


def test_mean_of_the_rates_of_joints():
    rates = score(sample_of([0, 99, 99]), sample_of([0, 0, 99]), names='abc')
    assert rates == {
        'pose_2d/JDR': 0.5,
        'pose_2d/JDR_a': 1.0,
        'pose_2d/JDR_b': 0.5,
        'pose_2d/JDR_c': 0.0,
    }


def test_all_joints_count_unless_told_otherwise():
    samples = [sample_of([0, 99, 99], (1, 0, 0)), sample_of([99, 0, 99], (1, 1, 0))]
    assert score(*samples)['pose_2d/JDR'] == pytest.approx((0.5 + 0.5 + 0) / 3)
    # Joint 1 is seen and found once, joint 2 is never seen: the mean of 0.5 and 1.
    seen = score(*samples, visible_only=True)
    assert seen == {'pose_2d/JDR': 0.75, 'pose_2d/JDR_0': 0.5, 'pose_2d/JDR_1': 1.0}


def test_joints_that_are_hidden():
    samples = [sample_of([0, 99, 0], (1, 1, 0)), sample_of([99, 0, 99])]
    samples[0]['keypoints_hidden'] = np.array([[True, True, True]])
    samples[1]['keypoints_hidden'] = np.array([[False, True, False]])
    # Joint 0 is found where it is hidden, joint 1 in one of two, joint 2 in one of one.
    assert score(*samples)['pose_2d/JDR_hidden'] == pytest.approx((1 + 0.5 + 1) / 3)
    seen = score(*samples, visible_only=True)
    assert seen['pose_2d/JDR_hidden'] == pytest.approx((1 + 0.5) / 2)
    for sample in samples:
        sample['keypoints_hidden'][:] = False
    assert 'pose_2d/JDR_hidden' not in score(*samples)


def test_visibility_with_weights_beside_it():
    sample = sample_of([0, 99, 99], (1, 0, 1))
    flags = sample['gt_instances']['keypoints_visible']
    sample['gt_instances']['keypoints_visible'] = np.stack([flags, flags * 0], -1)
    assert score(sample, visible_only=True)['pose_2d/JDR'] == 0.5


def test_nothing_seen_at_all():
    rates = score(sample_of([0, 0, 0], (0, 0, 0)), visible_only=True)
    assert np.isnan(rates.pop('pose_2d/JDR'))
    assert not rates


@pytest.mark.parametrize(
    'options', [dict(threshold=0.1, unit='bbox'), dict(threshold=0.5, unit='head')]
)
def test_in_parts_of_a_size(options):
    # A tenth of the longer side of the box, 60 px; half a head of 12 px.
    sample = sample_of([6, 6.01, 0], head_size=np.array([12.0]))
    assert score(sample, **options)['pose_2d/JDR'] == pytest.approx(2 / 3)


def test_a_size_that_the_dataset_does_not_tell():
    message = "unit 'head': expected head_size in gt_instances, got keypoints, "
    with pytest.raises(ValueError, match=message):
        score(sample_of([0, 0, 0]), unit='head')


def test_predictions_of_other_joints():
    sample = sample_of([0, 0, 0])
    sample['pred_instances']['keypoints'] = np.zeros((1, 4, 2))
    message = r'pred_instances.keypoints: .* labels, \(1, 3, 2\), got \(1, 4, 2\)'
    with pytest.raises(ValueError, match=message):
        score(sample)


def test_options_that_are_none():
    with pytest.raises(ValueError, match='threshold: expected a number above 0, got 0'):
        metric_of(threshold=0)
    with pytest.raises(ValueError, match=r"unit: expected one of \('px', .* got 'mm'"):
        metric_of(unit='mm')


def test_rates_of_each_action():
    samples = [
        dict(sample_of([0, 0, 99]), action='walk'),
        dict(sample_of([99, 99, 99]), action='sit'),
        sample_of([0, 99, 99]),
    ]
    rates = score(*samples)
    assert rates['pose_2d/JDR_action_walk'] == pytest.approx(2 / 3)
    assert rates['pose_2d/JDR_action_sit'] == 0
    assert not any('None' in name for name in rates)


def test_takes_are_left_out():
    damaged = dict(sample_of([99, 99, 99]), subject=9, action=5, subaction=2)
    good = dict(sample_of([0, 0, 0]), subject=9, action=5, subaction=1)
    assert score(damaged, good)['pose_2d/JDR'] == 0.5
    assert score(damaged, good, skip_takes='damaged')['pose_2d/JDR'] == 1
    with pytest.raises(ValueError, match='got none but those of skip_takes'):
        score(damaged, skip_takes='damaged')
