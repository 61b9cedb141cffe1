from dataclasses import replace

import numpy as np
import pytest
import torch

from ppt_mmpose.datasets.synthetic.views.folders import EDITION
from ppt_mmpose.datasets.synthetic.views.plan import Plan

PLAN = Plan(cameras=3, size=96, seed=5)


def test_other_pictures_are_another_edition():
    # Change both: a set that was drawn before must not be taken for today's.
    shot, cameras = PLAN.draw(0), PLAN.calibration().cameras
    labels = [np.mean(person['keypoints']) for person in shot.annotations]
    assert EDITION == 1
    assert shot.keypoints.mean() == pytest.approx(0.18684, abs=1e-4)
    assert labels == pytest.approx((25.36727, 34.73192, 33.41821), abs=1e-3)
    assert cameras.focal.tolist() == pytest.approx(
        (105.34393, 139.47346, 143.42393), abs=1e-3
    )


def test_an_instant_follows_from_the_plan_and_its_number_alone():
    first, again, other = PLAN.draw(1), Plan(**vars(PLAN)).draw(1), PLAN.draw(2)
    for image, same, different in zip(first.images, again.images, other.images):
        assert image.shape == (96, 96, 3)
        np.testing.assert_array_equal(image, same)
        assert (image != different).mean() > 0.5
    assert first.annotations == again.annotations
    assert len(first.images) == len(first.annotations) == 3


@pytest.mark.parametrize('field', ['seed', 'stream'])
def test_other_streams_have_other_people(field):
    other = replace(PLAN, **{field: 7}).draw(0)
    assert np.abs(other.keypoints - PLAN.draw(0).keypoints).max() > 0.05


def test_the_cameras_have_a_stream_of_their_own():
    def centres(**changes):
        return replace(PLAN, **changes).calibration().cameras.centres

    torch.testing.assert_close(centres(), centres(stream=7), rtol=0, atol=0)
    for changes in (dict(rig=7), dict(seed=7)):
        assert (centres() - centres(**changes)).abs().max() > 0.3


@pytest.mark.parametrize(
    ('name', 'value', 'expected'),
    [
        ('layout', 'dome', "layout: expected one of ring, lab, slope, got 'dome'"),
        ('cameras', 1, 'cameras: expected 2 to 8, got 1'),
        ('cameras', 9, 'cameras: expected 2 to 8, got 9'),
        ('size', 63, 'size: expected 64 or more, got 63'),
        ('obstructed', 0.6, 'obstructed: expected 0 to 0.5, got 0.6'),
        ('obstructed', -0.1, 'obstructed: expected 0 to 0.5, got -0.1'),
        ('seed', -1, 'seed: expected 0 or more, got -1'),
        ('stream', -1, 'stream: expected 0 or more, got -1'),
        ('rig', -1, 'rig: expected 0 or more, got -1'),
    ],
)
def test_values_out_of_range_are_named(name, value, expected):
    with pytest.raises(ValueError, match=f'^{expected}$'):
        Plan(**{name: value})
