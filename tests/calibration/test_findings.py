from dataclasses import replace

import numpy as np
import pytest
import torch

from ppt_mmpose.calibration.camera_report import camera_reports
from ppt_mmpose.calibration.evidence import checked_evidence
from ppt_mmpose.calibration.findings import findings


@pytest.fixture
def person(made_up):
    return made_up.person(4)


def found(calibration, keypoints, labels=None, span=1.7):
    evidence = checked_evidence(len(calibration), keypoints, None, labels)
    points = evidence.points(calibration.cameras)
    reports = camera_reports(calibration, evidence, points)
    return findings(calibration.cameras, reports, evidence, points, span)


def exact(calibration, person):
    return calibration.cameras.project(torch.from_numpy(person)).pixels.numpy()


def test_nothing(made_up, person):
    ring = made_up.ring(3)
    assert found(ring, exact(ring, person)) == []
    assert found(ring, exact(ring, person), person, span=None) == []


def test_noise_of_keypoints_is_no_camera(made_up, person):
    """One below 5 px, and one below three times that of the others."""
    ring = made_up.ring(4)
    keypoints = exact(ring, person)
    keypoints[:, 1] += np.array([2.94, 3.92])
    assert found(ring, keypoints, person) == []
    keypoints = exact(ring, person) + np.array([2.4, 3.2])
    keypoints[:, 1] += np.array([4.2, 5.6])
    assert found(ring, keypoints, person) == []


def test_a_camera_that_stands_out(made_up, person):
    ring = made_up.ring(4)
    keypoints = exact(ring, person) + np.array([0.6, 0.8])
    keypoints[:, 2] += np.array([5.4, 7.2])
    (finding,) = found(ring, keypoints, person)
    assert finding == (
        "camera 'cam2' does not fit the others: median error 10 px, theirs 1 px, and 0 "
        'of 48 points are behind it'
    )


def test_one_of_two_stands_out_with_labels_only(made_up, person):
    ring = made_up.ring(2)
    keypoints = exact(ring, person)
    keypoints[:, 1] += 10
    findings_of_labels = found(ring, keypoints, person)
    assert [text[:12] for text in findings_of_labels] == ["camera 'cam1"]
    assert found(ring, keypoints) == []


def test_a_wrong_unit_of_the_labels_is_told_alone(made_up, person):
    ring = made_up.ring(3)
    (finding,) = found(ring, exact(ring, person), person / 1000)
    assert finding == (
        'unit: the 3D keypoints fit the cameras when multiplied by 1000: the '
        'calibration has another unit than they (millimetres read as metres; the unit '
        "is 'mm')"
    )


def test_labels_that_fit_in_no_unit_are_not_explained(made_up, person):
    """Not even where they lie behind a camera, so that any error is much better."""
    ring = made_up.ring(3)
    behind = person + 3 * ring.cameras.centres[0].numpy()
    texts = found(ring, exact(ring, person), behind)
    assert texts
    assert all(text.startswith('camera ') and 'fits if' not in text for text in texts)


def test_a_wrong_span(made_up, person):
    ring = made_up.ring(3)
    (finding,) = found(ring, exact(ring, person), span=1700)
    assert finding.startswith('unit: the keypoints of a person span 1700 m')


def test_all_cameras_in_another_convention(made_up, person):
    ring = made_up.ring(3)
    turned = replace(ring.cameras, rotation=ring.cameras.rotation.mT)
    (finding,) = found(replace(ring, cameras=turned), exact(ring, person), person)
    assert finding.startswith(
        'convention: all cameras fit if the rotation is transposed (median error '
    )


def test_points_on_which_nobody_agrees(made_up, person):
    ring = made_up.ring(2)
    noise = np.random.default_rng(0).uniform(0, 800, (4, 2, 12, 2))
    lost = found(ring, noise, span=None)[-1]
    assert lost.endswith(
        ' of 48 points that two cameras or more saw were not found: the cameras do not '
        'agree on where they are'
    )
    assert int(lost.split()[0]) > 24
