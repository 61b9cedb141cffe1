import numpy as np
import pytest
import torch

from ppt_mmpose.calibration.scale import (
    finding_from_cameras,
    finding_from_people,
    meeting_point,
    person_span,
    spread,
)


def test_a_ring_of_cameras(made_up):
    cameras = made_up.ring(4, radius=4).cameras
    assert spread(cameras) == pytest.approx(8)
    assert meeting_point(cameras).tolist() == pytest.approx([0, 0, 1])


def test_parallel_axes_meet_nowhere(made_up):
    ring = made_up.ring(2)
    same = made_up.with_poses(ring, rotation=ring.cameras.rotation[[0, 0]])
    assert meeting_point(same.cameras) is None
    assert meeting_point(made_up.ring(1).cameras) is None


def test_the_span_is_the_largest_of_an_axis_and_the_median_of_instants():
    points = torch.zeros(3, 3, 3)
    points[:, 1, 2] = torch.tensor([1.5, 1.8, 9.0])
    points[:, 2, 0] = torch.tensor([-1.0, 1.0, 1.0])
    found = torch.ones(3, 3, dtype=torch.bool)
    assert person_span(points, found) == pytest.approx(1.8)
    # A keypoint that is not found does not count, nor does an instant without most.
    points[1, 0] = float('nan')
    found[1, 0] = False
    found[2, 1:] = False
    assert person_span(points, found) == pytest.approx(1.5)
    assert person_span(points, torch.zeros_like(found)) is None


@pytest.mark.parametrize(
    ('span', 'mistake'),
    [
        (1700, "millimetres read as metres; the unit is 'mm'"),
        (170, "centimetres read as metres; the unit is 'cm'"),
        (17, "millimetres read as centimetres; the unit is 'mm'"),
        (0.17, "centimetres read as millimetres; the unit is 'cm'"),
        (0.017, "metres read as centimetres; the unit is 'm'"),
        (0.0017, "metres read as millimetres; the unit is 'm'"),
        (6.8, 'the unit was 0.25 times the one it was read with'),
    ],
)
def test_people_of_wrong_size(span, mistake):
    finding = finding_from_people(span)
    assert finding.startswith(f'unit: the keypoints of a person span {span:g} m, and 0')
    assert finding.endswith(mistake)


def test_people_of_right_size():
    assert [finding_from_people(span) for span in (0.5, 1.0, 1.7, 2.5)] == [None] * 4


@pytest.mark.parametrize(
    ('factor', 'mistake'),
    [
        (1000, "millimetres read as metres; the unit is 'mm'"),
        (100, "centimetres read as metres; the unit is 'cm'"),
        (0.001, "metres read as millimetres; the unit is 'm'"),
    ],
)
def test_cameras_of_wrong_size(made_up, factor, mistake):
    ring = made_up.ring(radius=np.pi)
    assert finding_from_cameras(ring.cameras) is None
    finding = finding_from_cameras(ring.scaled(factor).cameras)
    assert finding.endswith(f'from where their axes meet: perhaps {mistake}')


def test_a_single_camera_has_no_size(made_up):
    assert finding_from_cameras(made_up.ring(1).scaled(1000).cameras) is None
