import math

import numpy as np
import pytest
import torch

from ppt_mmpose.calibration import Calibration
from ppt_mmpose.calibration.camera_report import CameraReport, camera_reports
from ppt_mmpose.calibration.evidence import Evidence, Points
from ppt_mmpose.geometry import Cameras


@pytest.fixture
def calibration():
    """One at the origin that looks along z, one behind it that looks at it."""
    intrinsics = torch.tensor([[100.0, 0, 50], [0, 100, 50], [0, 0, 1]])
    cameras = Cameras(
        intrinsics.expand(2, 3, 3),
        torch.eye(3).expand(2, 3, 3),
        torch.tensor([[0.0, 0, 0], [0, 0, 2]]),
    )
    return Calibration(('front', 'back'), cameras, (None, None))


@pytest.fixture
def points():
    """Four on the axis, at 1, 2, 4 and -1 m, and one that is not known."""
    places = torch.zeros(1, 5, 3, dtype=torch.float64)
    places[0, :, 2] = torch.tensor([1.0, 2, 4, -1, 1])
    return Points(places, torch.tensor([[True, True, True, True, False]]))


def evidence(errors):
    """Keypoints this many px to the right of the principal point."""
    keypoints = torch.full((1, 2, 5, 2), 50.0, dtype=torch.float64)
    keypoints[..., 0] += torch.tensor(errors)
    return Evidence(keypoints, torch.ones(1, 2, 5), None)


def test_numbers_by_hand(calibration, points):
    seen = evidence([[1.0, 2, 6, 9, 9], [0, 0, 0, 8, 9]])
    front, back = camera_reports(calibration, seen, points)
    assert front == CameraReport(
        name='front',
        distance=1,
        count=4,
        median=2,
        mean=3,
        p95=pytest.approx(2 + 0.9 * 4),
        behind=1,
    )
    assert (back.name, back.count, back.behind) == ('back', 4, 0)
    # Its centre is at -2 m, so the points are 3, 4, 6 and 1 m away.
    assert back.distance == 3
    assert (back.median, back.mean) == (0, 2)
    assert back.p95 == pytest.approx(0.85 * 8)


def test_what_a_camera_did_not_see_does_not_count(calibration, points):
    seen = evidence([[1.0, 2, 6, 9, 9], [0, 0, 0, 8, 9]])
    seen.scores[0, 0, 2:] = 0
    seen.scores[0, 1] = 0
    front, back = camera_reports(calibration, seen, points)
    assert (front.count, front.behind, front.median) == (2, 0, 1.5)
    assert (back.count, back.behind) == (0, 0)
    values = [back.distance, back.median, back.mean, back.p95]
    assert np.isnan(values).all()


def test_a_camera_with_all_points_behind_it_has_no_errors(calibration, points):
    points.points[..., 2] = -1
    front, back = camera_reports(calibration, evidence([[0.0] * 5, [0.0] * 5]), points)
    assert (front.count, front.behind, back.behind) == (4, 4, 0)
    assert math.isnan(front.median)
    assert front.distance == 1
