from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import kurtosis, spearmanr

from ppt_mmpose.datasets.synthetic.sequences import Detector
from ppt_mmpose.datasets.synthetic.sequences.joints import JOINTS

FRAMES, FPS, SIDE = 6000, 50, 400.0
QUIET = replace(Detector(), outliers=0, swaps=0)
# Joints far apart, which stay: left and right are told from each other.
TRUTH = np.tile(np.random.default_rng(0).uniform(100, 900, (17, 2)), (FRAMES, 1, 1))
NEVER = np.zeros((FRAMES, 17), bool)


def detect(detector, hidden=NEVER, seed=0, fps=FPS, sides=SIDE):
    rng = np.random.default_rng(seed)
    found = detector.detect(rng, TRUTH, np.full(FRAMES, sides), hidden, fps=fps)
    assert found.shape == (FRAMES, 17, 3)
    return found, np.linalg.norm(found[..., :2] - TRUTH, axis=-1)


def lagged(errors, frames):
    return (errors[frames:] * errors[:-frames]).sum() / (errors**2).sum()


def test_errors_are_as_large_as_stated_and_follow_the_size_of_the_person():
    _, far = detect(QUIET)
    # Median of a Rayleigh distribution; medians do not see the spread.
    expected = 1.18 * QUIET.error * SIDE
    assert np.median(far[:, JOINTS.index('left_hip')]) == pytest.approx(
        expected, rel=0.15
    )
    _, near = detect(QUIET, sides=SIDE / 2)
    np.testing.assert_allclose(near, far / 2, rtol=1e-6)
    _, worse = detect(replace(QUIET, error=2 * QUIET.error))
    np.testing.assert_allclose(worse, far * 2, rtol=1e-6)


def test_ends_of_limbs_are_found_worse():
    median = dict(zip(JOINTS, np.median(detect(QUIET)[1], axis=0)))
    assert median['thorax'] < median['left_shoulder'] < median['left_elbow']
    assert median['left_elbow'] < median['left_wrist']
    assert median['right_knee'] < median['right_foot']


def test_errors_last():
    found, _ = detect(QUIET)
    errors = found[..., :2] - TRUTH
    assert 0.8 < lagged(errors, 1) < 0.95
    assert 0.4 < lagged(errors, 10) < 0.7
    assert abs(lagged(errors, 500)) < 0.1
    # The same in time at another rate: 10 frames at 50 are 5 at 25.
    slower = detect(QUIET, fps=25)[0][..., :2] - TRUTH
    assert lagged(slower, 5) == pytest.approx(lagged(errors, 10), abs=0.1)


def test_tails_are_heavy():
    found, _ = detect(Detector())
    errors = (found[..., :2] - TRUTH)[:, JOINTS.index('root')]
    assert kurtosis(errors, axis=None) > 1
    even = detect(replace(QUIET, spread=0))[0][..., :2] - TRUTH
    assert abs(kurtosis(even[:, 0], axis=None)) < 0.6


def test_what_is_hidden_is_found_worse_with_low_scores():
    hidden = NEVER.copy()
    hidden[FRAMES // 2 :] = True
    found, far = detect(QUIET, hidden)
    seen, unseen = np.median(far[:2900]), np.median(far[3100:])
    assert unseen / seen == pytest.approx(QUIET.hidden, rel=0.15)
    assert found[:2900, :, 2].mean() > found[3100:, :, 2].mean() + 0.15


def test_scores_tell_good_from_bad_though_not_always():
    found, far = detect(Detector())
    scores = found[..., 2]
    assert 0 < scores.min() < 0.2
    assert scores.max() <= 1
    assert 0.7 < scores.mean() < 0.95
    assert -0.95 < spearmanr(far.ravel(), scores.ravel()).statistic < -0.5


def test_outliers_come_as_often_and_go_as_far_as_stated():
    quiet, _ = detect(replace(QUIET, error=1e-9))
    only = replace(QUIET, error=1e-9, outliers=0.3)
    found, far = detect(only)
    there = far > 1e-3 * SIDE
    begun = (there[1:] & ~there[:-1]).sum()
    assert begun == pytest.approx(0.3 * 17 * FRAMES / FPS, rel=0.15)
    assert far[there].min() >= 0.3 * only.farthest * SIDE - 1e-3
    assert far[there].max() <= only.farthest * SIDE + 1e-3
    assert there.sum() / begun / FPS == pytest.approx(only.episode, rel=0.3)
    assert found[there][:, 2].mean() < quiet[..., 2].mean() - 0.2


def test_swaps_exchange_left_and_right_for_some_frames():
    only = replace(QUIET, error=1e-9, swaps=0.3)
    found, far = detect(only)
    wrong = far > 1
    legs = [
        JOINTS.index(f'{side}_{n}')
        for side in ('left', 'right')
        for n in ('knee', 'foot')
    ]
    for joint in legs:
        name = JOINTS[joint]
        other = JOINTS.index(
            name.replace('left', 'right')
            if 'left' in name
            else name.replace('right', 'left')
        )
        frames = wrong[:, joint]
        assert 0.01 < frames.mean() < 0.2
        np.testing.assert_allclose(
            found[frames, joint, :2], TRUTH[frames, other], atol=1e-3
        )
        np.testing.assert_array_equal(frames, wrong[:, other])
    middle = [JOINTS.index(name) for name in ('root', 'spine', 'thorax', 'head')]
    assert not wrong[:, middle].any()
    assert not wrong[:, JOINTS.index('left_shoulder')].any()


def test_the_truth_is_not_touched_and_the_same_generator_errs_alike():
    before = TRUTH.copy()
    one, _ = detect(Detector())
    np.testing.assert_array_equal(TRUTH, before)
    np.testing.assert_array_equal(one, detect(Detector())[0])
    assert (one != detect(Detector(), seed=1)[0]).any()
