"""The metric on poses that are off by known amounts."""

import numpy as np
import pytest
import torch
from mmengine.logging import MMLogger
from mmengine.structures import InstanceData
from mmpose.evaluation.metrics import MPJPE
from mmpose.registry import METRICS
from mmpose.structures import PoseDataSample

JOINTS = 4


def sample_of(
    off, video='S1_Walking_1', *, length=None, frames=None, kept=None, padded=None
):
    """A window of which predicted frame f has joint 1 off by ``off[f]`` * 4 mm."""
    length = len(off) if length is None else length
    numbers = range(length) if frames is None else frames
    truth = np.random.RandomState(0).randn(length, JOINTS, 3).astype(np.float32)
    predicted = truth[list(numbers)].astype(np.float64)
    predicted[:, 1, 2] += 0.004 * np.asarray(off)
    sample = PoseDataSample()
    sample.gt_instances = InstanceData(
        lifting_target=truth, lifting_target_visible=np.ones((length, JOINTS))
    )
    sample.pred_instances = InstanceData(keypoints=predicted)
    if frames is not None:
        sample.pred_instances.frames = torch.tensor(frames)
    if kept is not None:
        sample.pred_instances.frame_kept = np.array(kept)
    names = np.array([f'S1/{video}.C1_{frame:06}.jpg' for frame in range(length)])
    sample.set_metainfo(dict(id=7, target_img_path=names))
    if padded is not None:
        sample.set_metainfo(dict(padded=np.array(padded)))
    return sample.to_dict()


def score(samples, mode='mpjpe', **options):
    metric = METRICS.build(dict(type='SequenceMPJPE', mode=mode, **options))
    # In batches of one and of the rest, as they come.
    metric.process(None, samples[:1])
    metric.process(None, samples[1:])
    return {
        key: pytest.approx(value, abs=1e-4)
        for key, value in metric.evaluate(len(samples)).items()
    }


# Walking has 6 frames, 1 mm in the mean; Jog has 2 frames, 5 mm.
SAMPLES = [
    sample_of([0, 1, 2]),
    sample_of([1, 1, 1], 'S2_Walking_2_chunk3'),
    sample_of([4, 6], 'S1_Jog'),
]


def test_means_of_actions_and_of_frames():
    by_action = {'MPJPE_Walking': 1, 'MPJPE_Jog': 5}
    assert score(SAMPLES) == by_action | {'MPJPE': 3}
    assert score(SAMPLES, aggregate='frames') == by_action | {'MPJPE': 2}


def test_mmposes_metric_in_mm():
    # Roots are exact here, so that moving them changes nothing.
    for mode in ('mpjpe', 'n-mpjpe', 'p-mpjpe'):
        theirs = MPJPE(mode)
        theirs.process(None, SAMPLES)
        ours = score(SAMPLES, mode, aggregate='frames', root_index=None)
        for name, value in theirs.evaluate(3).items():
            assert ours[name] == 1000 * value


def test_several_modes():
    result = score(SAMPLES, ['mpjpe', 'p-mpjpe', 'n-mpjpe', 'mpjve'])
    assert {'MPJPE', 'P-MPJPE', 'N-MPJPE', 'MPJVE', 'MPJVE_Jog'} <= set(result)
    assert result['MPJPE'] == 3
    # Steps of 1, 1; 0, 0; and 2 mm.
    assert (result['MPJVE_Walking'], result['MPJVE_Jog']) == (0.5, 2)


def test_predictions_that_are_moved():
    sample = sample_of([1, 3])
    sample['pred_instances']['keypoints'] += np.array([3.0, 4, 0])
    assert score([sample])['MPJPE'] == 2
    assert score([sample], root_index=None)['MPJPE'].expected > 4000


def test_one_prediction_within_a_window():
    sample = sample_of([3], length=5, frames=[2])
    assert score([sample]) == {'MPJPE': 3, 'MPJPE_Walking': 3}
    sample['pred_instances']['keypoints'] = torch.tensor(
        sample['pred_instances']['keypoints'][None]
    )
    assert score([sample])['MPJPE'] == 3


def test_kept_pruned_and_centre():
    sample = sample_of([1, 2, 3, 4, 7], kept=[True, False, True, False, False])
    result = score([sample])
    assert (result['MPJPE_kept'], result['MPJPE_centre']) == (2, 3)
    assert result['MPJPE_pruned'] == 13 / 3
    # Of four frames, number 2 is the centre.
    assert score([sample_of([1, 2, 3, 6], kept=[True] * 4)])['MPJPE_centre'] == 3
    # TPC predicts the kept frames only, in any order.
    tpc = sample_of([4, 2], length=5, frames=[2, 1], kept=[True, True])
    result = score([tpc])
    assert 'MPJPE_pruned' not in result
    assert (result['MPJPE_kept'], result['MPJPE_centre']) == (3, 4)
    # A part is a mean of actions, too.
    jog = sample_of([8], 'S1_Jog', kept=[True])
    assert score([sample, jog])['MPJPE_kept'] == 5


def test_frames_beyond_the_video():
    sample = sample_of([9, 9, 1, 3], padded=[True, True, False, False])
    assert score([sample])['MPJPE'] == 5.5
    assert score([sample], count_padding=False)['MPJPE'] == 2
    # Neither does the step from a frame beyond it count: of 0, 8 and 2 mm the last.
    assert score([sample], 'mpjve')['MPJVE'] == 10 / 3
    assert score([sample], 'mpjve', count_padding=False)['MPJVE'] == 2
    window = sample_of([9, 1], length=3, frames=[0, 1], padded=[True, False, False])
    assert score([window], count_padding=False)['MPJPE'] == 1


def test_each_prediction_of_a_frame_counts():
    # Windows of frames 0 to 2, and 1 to 3: frames 1 and 2 are in both.
    first, second = sample_of([0, 0, 0]), sample_of([6, 6, 6])
    assert score([first, second])['MPJPE'] == 3


def test_videos_left_out():
    assert score(SAMPLES, skip_list=['S1_Jog'])['MPJPE'] == 1
    # The whole name of the video counts, as in MMPose.
    assert score(SAMPLES, skip_list=['S1_Walking'])['MPJPE'] == 3
    # Bad predictions of a video that is left out are no error.
    bad = sample_of([np.nan], 'S9_Waiting_1')
    assert score([*SAMPLES, bad], skip_list=['S9_Waiting_1'])['MPJPE'] == 3
    with pytest.raises(ValueError, match='got none in 0 windows, 1 more are in skip_l'):
        score([bad], skip_list=['S9_Waiting_1'])


def test_a_warning_tells_of_videos_that_there_are_none_of(caplog):
    logger = MMLogger.get_current_instance()
    logger.addHandler(caplog.handler)
    try:
        score(SAMPLES, skip_list=('S1_Jog',))
        assert 'skip_list' not in caplog.text
        score(SAMPLES, skip_list=['S1_Jog', 'S9_Jog', 'S1_Walking'])
    finally:
        logger.removeHandler(caplog.handler)
    assert 'of the 3 windows, there are none of S1_Walking, S9_Jog' in caplog.text


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(mode='mpjpes'), r"mode: expected of .*, got \['mpjpes'\]"),
        (dict(mode=[]), r'mode: expected of .*, got \[\]'),
        (dict(aggregate='pooled'), r"aggregate: expected of .*, got \['pooled'\]"),
        (dict(mode=3), r'mode: expected of .*, got \[3\]'),
        (dict(mode=None), r'mode: expected of .*, got \[None\]'),
        (
            dict(root_index='a'),
            "root_index: expected a whole .* got 'a'",
        ),
        (dict(root_index=-1), 'root_index: expected a whole number, 0 or more, got -1'),
        (
            dict(root_index=4),
            'root_index: expected 0 to 3, the joints of a pose, or',
        ),
        (dict(count_padding='no'), "count_padding: expected True or False, got 'no'"),
        (dict(skip_list='S9_X'), "skip_list: expected a list of names, got 'S9_X'"),
        (dict(skip_list=[3]), r'skip_list: expected a list of names, got \[3\]'),
        (dict(count_padding=False), r"'padded' among the meta_keys of PackPoseInputs"),
    ],
)
def test_options(options, message):
    with pytest.raises(ValueError, match=message):
        score(SAMPLES, **options)


def broken(**changes):
    sample = sample_of([0, 0, 0])
    for key, value in changes.items():
        sample['pred_instances'][key] = value
    return sample


@pytest.mark.parametrize(
    ('sample', 'message'),
    [
        (
            sample_of([0, np.nan]),
            r'sample 7 \(S1/S1_Walking_1.C1_000000.jpg\): expected numbers, got NaN or '
            'infinity in the predicted pose 1, joint 1',
        ),
        (broken(keypoints=np.zeros((3, 5, 3))), r'expected \(frames, 4, 3\), got'),
        (broken(keypoints=np.zeros((2, 3, 4, 3))), r'got \(2, 3, 4, 3\)'),
        (broken(keypoints=np.zeros((2, 4, 3))), r'the 2 frames .* got no numbers'),
        (broken(frames=np.array([0, 1, 3])), r'0 to 2, .* got \[0, 1, 3\]'),
        (broken(frames=np.array([0, 1])), r'got \[0, 1\]'),
        (broken(frame_kept=np.ones(2)), 'frame_kept: expected .* the 3 frames, got 2'),
        (sample_of([0, 0], padded=[True]), 'padded: expected .* the 2 frames, got 1'),
        (sample_of([0], 'Walking'), r'target_img_path: expected names such as S1_Walk'),
    ],
)
def test_what_is_wrong_with_a_sample(sample, message):
    with pytest.raises(ValueError, match=message):
        score([sample])


def test_steps_of_single_frames():
    with pytest.raises(ValueError, match='mpjve: expected frames to compare, got none'):
        score([sample_of([3], length=5, frames=[2])], 'mpjve')
