import numpy as np
import pytest
from mmpose.utils.camera import SimpleCamera

from ppt_mmpose.datasets.synthetic.sequences import Detector, SequencePlan
from ppt_mmpose.datasets.synthetic.sequences.joints import JOINTS
from ppt_mmpose.datasets.synthetic.sequences.labels import (
    camera_param,
    joined,
    video_rows,
)

PLAN = SequencePlan(frames=40, cameras=3)


@pytest.fixture(scope='module', params=[0, 6])
def sequence(request):
    return PLAN.draw(request.param)


def rows_of(sequence, camera):
    return video_rows(sequence, camera, subject='S7', detector=Detector())


def test_names_are_those_of_human36m(sequence):
    names = rows_of(sequence, 1).imgname
    assert names[0] == f'S7_{sequence.action}_1.C2_000001.jpg'
    assert names[-1] == f'S7_{sequence.action}_1.C2_000040.jpg'
    assert names.dtype.kind == 'U'


def test_the_projection_of_what_is_in_3d_is_what_is_in_2d(sequence):
    for camera, eye in enumerate(sequence.cameras):
        rows, param = rows_of(sequence, camera), camera_param(eye)
        points = rows.S[..., :3].astype(float)
        focal, centre = (np.ravel(param[name]) for name in 'fc')
        pixels = focal * points[..., :2] / points[..., 2:] + centre
        np.testing.assert_allclose(pixels, rows.part[..., :2], atol=1e-3)
        assert (rows.S[..., 3] == 1).all()
        assert (rows.part[..., 2] == 1).all()
        assert ((pixels >= 0) & (pixels <= PLAN.size - 1)).mean() > 0.99


def test_mmposes_camera_takes_the_world_there_and_back(sequence):
    eye = sequence.cameras[2]
    camera, rows = SimpleCamera(camera_param(eye)), rows_of(sequence, 2)
    world = sequence.joints.astype(np.float32)
    np.testing.assert_allclose(
        camera.world_to_camera(world), rows.S[..., :3], atol=1e-5
    )
    np.testing.assert_allclose(
        camera.camera_to_world(rows.S[..., :3]), world, atol=1e-5
    )
    pixels = camera.camera_to_pixel(rows.S[..., :3])
    np.testing.assert_allclose(pixels, rows.part[..., :2], atol=1e-2)


def test_shapes_of_cameras_are_those_of_mmposes_files():
    param = camera_param(PLAN.draw(0).cameras[0])
    shapes = {name: np.shape(value) for name, value in param.items()}
    assert shapes == dict(
        w=(), h=(), f=(2, 1), c=(2, 1), R=(3, 3), T=(3, 1), k=(3, 1), p=(2, 1)
    )
    assert (param['w'], param['h']) == (1000, 1000)


def test_boxes_hold_the_joints_with_a_margin(sequence):
    rows = rows_of(sequence, 0)
    pixels = rows.part[..., :2]
    low, high = pixels.min(1), pixels.max(1)
    np.testing.assert_allclose(rows.center, (low + high) / 2, atol=1e-3)
    np.testing.assert_allclose(rows.scale * 200, 1.2 * (high - low).max(1), rtol=1e-5)


def test_someone_who_faces_the_camera_has_the_left_side_on_the_right_of_the_image():
    facing = 0
    for index in range(8):
        sequence = PLAN.draw(index)
        heading = sequence.motion.heading
        front = np.stack((np.cos(heading), np.sin(heading)), 1)
        for camera, eye in enumerate(sequence.cameras):
            towards = eye.eye[:2] - sequence.motion.position
            towards /= np.linalg.norm(towards, axis=1, keepdims=True)
            faces = (front * towards).sum(1)
            part = rows_of(sequence, camera).part
            left, right = (
                part[:, JOINTS.index(f'{side}_hip'), 0] for side in ('left', 'right')
            )
            assert (left > right)[faces > 0.6].all()
            assert (left < right)[faces < -0.6].all()
            facing += (np.abs(faces) > 0.6).sum()
    assert facing > 200


def test_every_camera_errs_in_its_own_way(sequence):
    errors = [
        (rows.detections[..., :2] - rows.part[..., :2])
        for rows in (rows_of(sequence, camera) for camera in range(2))
    ]
    assert abs(np.corrcoef(errors[0].ravel(), errors[1].ravel())[0, 1]) < 0.3
    rows = rows_of(sequence, 0)
    np.testing.assert_array_equal(rows.detections, rows_of(sequence, 0).detections)


def test_videos_are_joined_in_order(sequence):
    both = joined([rows_of(sequence, 0), rows_of(sequence, 1)])
    assert [len(array) for array in both] == [80] * len(both)
    assert '.C1_000040' in both.imgname[39]
    assert '.C2_000001' in both.imgname[40]
