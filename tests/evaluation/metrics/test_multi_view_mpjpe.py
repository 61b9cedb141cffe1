"""The metric on exact predictions of a ring of cameras, moved by known amounts."""

import numpy as np
import pytest
import torch
from mmpose.registry import METRICS
from ring_recording import COCO, people, ring

UP = np.array([0, 0, 1e-3])
POSES = people(instants=3)


def samples_of(poses=POSES, *, seen_at=None, views=4, **meta):
    """Data samples of each view; the model sees the poses at other places."""
    seen_at = poses if seen_at is None else seen_at
    cameras = ring(views).cameras
    pixels = cameras.project(torch.from_numpy(seen_at)).pixels.numpy()
    fields = ('intrinsics', 'rotation', 'translation', 'distortion')
    return [
        dict(
            group_id=f'take/{instant}',
            view_id=view,
            camera={field: getattr(cameras, field)[view].numpy() for field in fields},
            keypoints_3d_world=poses[instant],
            keypoints_3d_visible=np.ones(poses.shape[1], np.float32),
            pred_instances=dict(
                keypoints=pixels[instant, view][None],
                keypoint_scores=np.ones((1, poses.shape[1]), np.float32),
            ),
            **{key: value[instant] for key, value in meta.items()},
        )
        for instant in range(len(poses))
        for view in range(views)
    ]


def metric_of(mode='mpjpe', names=COCO, **options):
    metric = METRICS.build(dict(type='MultiViewMPJPE', mode=mode, **options))
    metric.dataset_meta = dict(keypoint_id2name=dict(enumerate(names)))
    return metric


def score(samples, mode='mpjpe', **options):
    metric = metric_of(mode, **options)
    metric.process([{}], samples)
    result = metric.evaluate(len(samples))
    return {key.removeprefix('pose_3d/'): value for key, value in result.items()}


@pytest.mark.parametrize('triangulation', ['linear', 'weighted', 'robust'])
def test_perfect_predictions(triangulation):
    result = score(samples_of(), triangulation=triangulation)
    assert result['MPJPE'] == pytest.approx(0, abs=1e-4)
    assert result['found'] == 1
    assert result['instants'] == 3


def test_a_constant_shift_in_all_modes():
    samples = samples_of(seen_at=POSES + np.array([0.03, 0.04, 0]))
    modes = ['mpjpe', 'root', 'p-mpjpe', 'pck3d']
    result = score(samples, modes)
    near = dict(abs=1e-3)
    assert result['MPJPE'] == pytest.approx(50, **near)
    assert result['MPJPE_left_hip'] == pytest.approx(50, **near)
    assert result['ROOT-MPJPE'] == pytest.approx(0, **near)
    assert result['P-MPJPE'] == pytest.approx(0, **near)
    assert result['PCK3D'] == 1
    assert score(samples, 'pck3d', pck_threshold=49.9)['PCK3D'] == 0
    assert score(samples, 'pck3d', pck_threshold=50.1)['PCK3D'] == 1


def test_order_and_repetition_do_not_matter():
    samples = samples_of(seen_at=POSES + 0.02 * np.random.RandomState(0).randn(3, 1, 3))
    expected = score(samples)
    assert expected['MPJPE'] > 1
    order = np.random.RandomState(1).permutation(12).tolist()
    shuffled = [samples[index] for index in order]
    # Repeated views that say something else would change the result; they come in the
    # middle, where cutting the results to 12 would lose others.
    wrong = dict(pred_instances=samples[0]['pred_instances'])
    shuffled[5:5] = [sample | wrong for sample in shuffled[:5]]
    metric = metric_of()
    for start in range(0, 17, 3):
        metric.process([{}], shuffled[start : start + 3])
    result = metric.evaluate(12)
    assert result['pose_3d/instants'] == 3
    for name, value in expected.items():
        assert result[f'pose_3d/{name}'] == pytest.approx(value), name


def test_an_instant_is_triangulated_from_the_views_it_has():
    samples = samples_of(seen_at=POSES + 7 * UP)
    few = score([s for i, s in enumerate(samples) if i not in (1, 2, 7)])
    assert few['MPJPE'] == pytest.approx(7, abs=1e-3)
    assert few['found'] == 1
    # With one view there is no point: what is left are the other instants'.
    one = score([s for i, s in enumerate(samples) if i not in (1, 2, 3)])
    assert one['MPJPE'] == pytest.approx(7, abs=1e-3)
    assert one['found'] == pytest.approx(2 / 3)
    assert one['instants'] == 3


def test_robust_leaves_out_a_view_that_is_wrong():
    samples = samples_of()
    # The score matters to all methods but the default.
    for sample in samples[1::4]:
        sample['pred_instances']['keypoints'][..., 0] += 60
        sample['pred_instances']['keypoint_scores'] *= 0.01
    linear, weighted, robust = (
        score(samples, triangulation=method)['MPJPE']
        for method in ('linear', 'weighted', 'robust')
    )
    assert linear > 100 > weighted > 0.1 > robust


def test_linear_takes_no_notice_of_scores():
    samples = samples_of(seen_at=POSES + 7 * UP)
    for sample in samples:
        sample['pred_instances']['keypoint_scores'] *= -1
    assert score(samples)['found'] == 1
    assert score(samples, triangulation='weighted')['found'] == 0


def test_linear_takes_points_behind_a_camera():
    # Seen where it is, said to have been seen by a camera that looks away.
    samples = samples_of(POSES[:1])
    camera = samples[0]['camera']
    turn = np.diag([1.0, -1.0, -1.0])
    camera['rotation'] = turn @ camera['rotation']
    camera['translation'] = turn @ camera['translation']
    assert score(samples)['found'] == 1
    assert score(samples, triangulation='weighted')['found'] == 0


def test_means_of_actions():
    shift = np.array([2, 4, 9])[:, None, None] * UP
    samples = samples_of(seen_at=POSES + shift, action=['walk', 'sit', 'walk'])
    result = score(samples)
    assert result['MPJPE_action_walk'] == pytest.approx(5.5, abs=1e-3)
    assert result['MPJPE_action_sit'] == pytest.approx(4, abs=1e-3)
    assert result['MPJPE'] == pytest.approx(5, abs=1e-3)


def test_damaged_takes_are_left_out():
    shift = np.array([2, 500, 500])[:, None, None] * UP
    takes = dict(subject=[9, 9, 9], action=[5, 5, 13], subaction=[1, 2, 1])
    samples = samples_of(seen_at=POSES + shift, **takes)
    assert score(samples)['instants'] == 3
    result = score(samples, skip_takes='damaged')
    assert result['MPJPE'] == pytest.approx(2, abs=1e-3)
    assert result['instants'] == 1
    assert score(samples, skip_takes=[[9, 5, 1]])['instants'] == 2
    with pytest.raises(ValueError, match='got no subject, action, subaction'):
        score(samples_of(), skip_takes='damaged')
    with pytest.raises(ValueError, match='samples, got none but those of skip_takes'):
        score(samples, skip_takes=[(9, 5, 1), (9, 5, 2), (9, 13, 1)])


def test_joints_without_label():
    samples = samples_of(seen_at=POSES + 17 * UP)
    for sample in samples:
        sample['keypoints_3d_visible'][:2] = 0
    result = score(samples)
    assert result['MPJPE'] == pytest.approx(17, abs=1e-3)
    assert np.isnan(result['MPJPE_nose'])
    release = score(samples, mask='release')
    assert release['MPJPE'] == pytest.approx(15, abs=1e-3)
    assert release['MPJPE_nose'] == 0


def test_the_root_is_the_middle_of_the_hips_or_what_one_says():
    seen_at = POSES.copy()
    seen_at[:, 11:13] += 17 * UP
    samples = samples_of(seen_at=seen_at)
    assert score(samples, 'root')['ROOT-MPJPE'] == pytest.approx(15, abs=1e-3)
    assert score(samples, 'root', root=0)['ROOT-MPJPE'] == pytest.approx(2, abs=1e-3)
    named = ['a', 'root', *COCO[2:]]
    assert score(samples, 'root', names=named)['ROOT-MPJPE'] == pytest.approx(
        2, abs=1e-3
    )
    message = "root: expected a joint's number, .* but nose, 1, 2"
    with pytest.raises(ValueError, match=message):
        score(samples, 'root', names=['nose'])


def test_samples_that_lack_something():
    sample = samples_of()[0]
    del sample['camera'], sample['view_id']
    message = r'got no view_id, camera; .* PackPoseInputs\(meta_keys=\.\.\.\)'
    with pytest.raises(ValueError, match=message):
        score([sample])
    sample = samples_of()[5]
    sample['keypoints_3d_world'] = np.zeros((15, 3))
    message = r"view 1 of 'take/1': .* the 15 joints .* got the shape \(1, 17, 2\)"
    with pytest.raises(ValueError, match=message):
        score([sample])


def test_options_that_are_none():
    with pytest.raises(ValueError, match=r"mode: expected one of .* got 'n-mpjpe'"):
        metric_of(['mpjpe', 'n-mpjpe'])
    with pytest.raises(ValueError, match=r"triangulation: expected .* got 'dlt'"):
        metric_of(triangulation='dlt')
    with pytest.raises(ValueError, match=r"mask: expected one of .* got 'all'"):
        metric_of(mask='all')
    with pytest.raises(ValueError, match=r"skip_takes: .* got 'broken'"):
        metric_of(skip_takes='broken')
