import numpy as np
import pytest
from made_videopose3d import camera_around, moving_person, seen

from ppt_mmpose.datasets.pose_sequences.camera_fit import fit_camera, in_camera

POSES = moving_person(60, 15)
SIZE = (640, 480)


def fitted(pixels, poses=POSES, **options):
    points, pixels = poses.reshape(-1, 3), pixels.reshape(-1, 2)
    return fit_camera(points, pixels, SIZE, 'file: S1, C1', **options)


@pytest.mark.parametrize('angle', [0, 2, 4])
def test_the_camera_that_saw_it(angle):
    camera = camera_around(angle)
    found = fitted(seen(POSES, camera))
    assert found.mean < 1e-3
    assert found.mean <= found.largest < 0.1
    for name, tolerance in dict(R=1e-4, T=1e-3, f=0.1, c=0.1, k=1e-2, p=1e-4).items():
        assert found.camera[name].shape == camera[name].shape
        np.testing.assert_allclose(found.camera[name], camera[name], atol=tolerance)
    assert (found.camera['w'], found.camera['h']) == SIZE
    seen_from = in_camera(POSES, camera)
    np.testing.assert_allclose(in_camera(POSES, found.camera), seen_from, atol=1e-3)


def test_coordinates_of_the_camera():
    camera = camera_around(0, k=(0, 0, 0), p=(0, 0))
    # It looks at (0, 0, 1), which is 4 m away and half a metre below.
    middle = in_camera(np.array([[[0, 0, 1.0]]]), camera)
    np.testing.assert_allclose(middle, [[[0, 0, np.hypot(4, 0.5)]]], atol=1e-12)
    # Up is -y, and what is left of it, for one who looks at the origin, -x.
    side = in_camera(np.array([[0, -1, 1.0], [0, 0, 2]]), camera)
    assert side[0, 0] == pytest.approx(-1)
    assert side[1, 1] < -0.9


def test_what_no_camera_explains():
    pixels = seen(POSES, camera_around(1))
    noise = 5 * np.random.RandomState(0).randn(*pixels.shape)
    with pytest.raises(ValueError, match=r'file: S1, C1: .* to 1.0 px in the mean'):
        fitted(pixels + noise)
    assert 3 < fitted(pixels + noise, allowed=20).mean < 9
    with pytest.raises(ValueError, match='expected a camera that puts poses where'):
        fitted(pixels[::-1])


def test_too_few_points():
    with pytest.raises(ValueError, match='expected 300 points or more .* got 285'):
        fitted(seen(POSES, camera_around(1))[:19], POSES[:19])
