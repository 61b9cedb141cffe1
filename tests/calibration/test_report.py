import math

import numpy as np
import pytest
import torch

from ppt_mmpose.calibration import Report, read_calibration, reprojection_report


@pytest.fixture
def ring(made_up):
    return made_up.ring(4, distortion=(-0.1, 0.02))


@pytest.fixture
def person(made_up):
    return made_up.person()


@pytest.fixture
def seen(made_up, ring, person):
    return made_up.seen(ring, person)


def test_a_good_calibration(ring, person, seen):
    for labels, against in ((None, 'triangulated points'), (person, 'labels')):
        report = reprojection_report(ring, seen, keypoints_3d=labels)
        assert report.findings == []
        assert report.compared_with == against
        assert report.span == pytest.approx(1.7, abs=0.01)
        assert report.spread == pytest.approx(8)
        assert report.meeting_point == pytest.approx((0, 0, 1))
        for camera in report.cameras:
            assert camera.count == 240
            assert camera.behind == 0
            assert 0.2 < camera.median < camera.mean < camera.p95 < 1.5
            assert camera.distance == pytest.approx(4, abs=0.3)


def test_the_numbers(ring, person):
    exact = ring.cameras.project(torch.from_numpy(person)).pixels.numpy()
    shifted = exact.copy()
    # In one camera, of 240 errors 224 are 5 px and 16 are 13 px.
    shifted[:, 1] += [3, 4]
    shifted[:2, 1, :8] += [2, 8]
    report = reprojection_report(ring, shifted, keypoints_3d=person)
    assert [camera.median for camera in report.cameras] == pytest.approx([0, 5, 0, 0])
    assert report.cameras[1].mean == pytest.approx((224 * 5 + 16 * 13) / 240)
    assert report.cameras[1].p95 == pytest.approx(13)


@pytest.mark.parametrize('labelled', [False, True])
def test_millimetres_read_as_metres(ring, person, seen, labelled):
    report = reprojection_report(
        ring.scaled(1000), seen, keypoints_3d=person if labelled else None
    )
    (finding,) = report.findings
    assert finding.startswith('unit: ')
    assert 'millimetres read as metres' in finding
    if labelled:
        assert 'the 3D keypoints fit the cameras when multiplied by 1000:' in finding


def test_millimetres_read_as_metres_without_keypoints(ring):
    assert reprojection_report(ring).findings == []
    (finding,) = reprojection_report(ring.scaled(1000)).findings
    assert finding.endswith("perhaps millimetres read as metres; the unit is 'mm'")


def changed(made_up, ring, kind, views):
    rotation = ring.cameras.rotation.clone()
    translation = ring.cameras.translation.clone()
    if kind == 'the rotation is transposed':
        rotation[views] = ring.cameras.rotation.mT[views]
    elif kind == 'the pose is camera to world':
        rotation[views] = ring.cameras.rotation.mT[views]
        translation[views] = ring.cameras.centres[views]
    else:
        translation[views] = ring.cameras.centres[views]
    return made_up.with_poses(ring, rotation, translation)


KINDS = [
    'the rotation is transposed',
    'the pose is camera to world',
    "the translation is the camera's centre",
]


@pytest.mark.parametrize('kind', KINDS)
@pytest.mark.parametrize('labelled', [False, True])
def test_another_convention_in_all_cameras(made_up, ring, person, seen, kind, labelled):
    wrong = changed(made_up, ring, kind, [0, 1, 2, 3])
    report = reprojection_report(wrong, seen, keypoints_3d=person if labelled else None)
    (finding,) = report.findings
    assert finding.startswith(f'convention: all cameras fit if {kind} (median error 0.')


@pytest.mark.parametrize('kind', KINDS)
@pytest.mark.parametrize('labelled', [False, True])
def test_another_convention_in_one_camera(made_up, ring, person, seen, kind, labelled):
    wrong = changed(made_up, ring, kind, [2])
    report = reprojection_report(wrong, seen, keypoints_3d=person if labelled else None)
    (finding,) = report.findings
    assert finding.startswith("camera 'cam2' does not fit the others: median error ")
    assert f'; it fits if {kind} (median error 0.' in finding


def test_a_camera_that_was_moved(made_up, ring, seen):
    translation = ring.cameras.translation.clone()
    translation[1, 0] += 0.3
    report = reprojection_report(
        made_up.with_poses(ring, translation=translation), seen
    )
    (finding,) = report.findings
    assert finding.startswith("camera 'cam1' does not fit the others: median error ")
    assert 'it fits if' not in finding
    assert report.cameras[1].median > 30


def test_points_behind_a_camera(made_up, ring, person, seen):
    turn = torch.diag(torch.tensor([-1.0, 1, -1], dtype=torch.float64))
    rotation, translation = ring.cameras.rotation.clone(), ring.cameras.translation
    rotation[3] = turn @ rotation[3]
    translation = torch.cat([translation[:3], (turn @ translation[3])[None]])
    wrong = made_up.with_poses(ring, rotation, translation)
    report = reprojection_report(wrong, seen, keypoints_3d=person)
    assert report.cameras[3].behind == 240
    assert math.isnan(report.cameras[3].median)
    (finding,) = report.findings
    assert "camera 'cam3'" in finding
    assert '240 of 240 points are behind it' in finding


def test_what_is_missing_is_left_out(ring, seen):
    scores = np.ones(seen.shape[:3])
    scores[:, 2] = 0
    seen[:, 2] = 1e6
    seen[0, 0, 0] = np.nan
    report = reprojection_report(ring, seen, scores)
    assert [camera.count for camera in report.cameras] == [239, 240, 0, 240]
    assert report.findings == []


def test_cameras_that_agree_on_nothing(ring, seen):
    noise = np.random.default_rng(0).uniform(0, 800, seen.shape)
    findings = reprojection_report(ring, noise).findings
    assert findings[-1].endswith('the cameras do not agree on where they are')


def test_as_a_table(ring, seen):
    alone = str(reprojection_report(ring)).splitlines()
    assert alone[0] == 'camera   distance'
    assert alone[1] == f'cam0    {np.hypot(4, 0.5):7.2f} m'
    assert alone[-3:] == [
        'cameras are up to 8.00 m apart',
        'their axes meet near (0.00, 0.00, 1.00) m',
        'nothing wrong was found',
    ]
    table = str(reprojection_report(ring.scaled(1000), seen)).splitlines()
    assert table[0] == 'camera   distance  points  median    mean     95%  behind'
    assert len({len(line) for line in table[1:5]}) == 1
    assert table[5] == 'errors in px, against triangulated points'
    assert table[-1].startswith('- unit: ')


def test_a_single_camera_has_no_distance_to_others(made_up):
    assert str(reprojection_report(made_up.ring(1))).splitlines() == [
        'camera   distance',
        'cam0          - m',
        'nothing wrong was found',
    ]


def test_arguments(ring, person, seen):
    with pytest.raises(ValueError, match='keypoints_2d: expected keypoints with'):
        reprojection_report(ring, keypoints_3d=person)
    with pytest.raises(ValueError, match='keypoints_2d: expected the shape'):
        reprojection_report(ring, seen[:, :3])


def test_real_cameras(mmpose_sample):
    path = mmpose_sample / 'h36m' / 'cameras.pkl'
    for subject in ('S1', 'S9', 'S11'):
        right = reprojection_report(read_calibration(path, subject=subject))
        assert isinstance(right, Report)
        assert right.findings == []
        wrong = read_calibration(path, subject=subject).scaled(1000)
        (finding,) = reprojection_report(wrong).findings
        assert finding.endswith("perhaps millimetres read as metres; the unit is 'mm'")
