import cv2
import numpy as np
import pytest

from ppt_mmpose.datasets.synthetic.camera import Camera


@pytest.fixture
def camera():
    return Camera.looking_at(
        np.array((0.2, -0.1, 0.9)),
        eye=np.array((3.0, 2.0, 1.5)),
        focal=300.0,
        size=(192, 256),
        roll=0.1,
    )


def test_projection_is_opencvs(camera):
    points = np.random.default_rng(0).uniform(-0.5, 0.5, (9, 3)) + np.array((0, 0, 1))
    turn = cv2.Rodrigues(camera.rotation)[0]
    expected, _ = cv2.projectPoints(
        points, turn, camera.translation, camera.matrix, None
    )
    pixels, depth = camera.project(points)
    np.testing.assert_allclose(pixels, expected[:, 0], atol=1e-6)
    np.testing.assert_allclose(depth, camera.view(points)[:, 2])
    assert (depth > 0).all()


def test_the_target_is_in_the_middle_and_the_axes_are_right_handed(camera):
    pixel, depth = camera.project(np.array((0.2, -0.1, 0.9)))
    np.testing.assert_allclose(pixel, (95.5, 127.5), atol=1e-9)
    assert depth == pytest.approx(np.linalg.norm((2.8, 2.1, 0.6)))
    np.testing.assert_allclose(
        camera.rotation @ camera.rotation.T, np.eye(3), atol=1e-12
    )
    assert np.linalg.det(camera.rotation) == pytest.approx(1)
    np.testing.assert_allclose(camera.eye, (3, 2, 1.5))


def test_up_in_the_world_is_up_in_the_image_and_left_of_a_person_who_looks_is_right():
    camera = Camera.looking_at(
        np.zeros(3), eye=np.array((4.0, 0, 0)), focal=100, size=(100, 100)
    )
    (origin, above, left), _ = camera.project(
        np.array([[0, 0, 0], [0, 0, 1], [0, 1, 0]])
    )
    assert above[1] < origin[1]
    assert left[0] > origin[0]
