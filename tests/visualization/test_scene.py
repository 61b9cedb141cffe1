import numpy as np
import pytest
import torch

from ppt_mmpose.calibration import Calibration
from ppt_mmpose.geometry import Cameras
from ppt_mmpose.visualization.scene import Scene, fit_scene

POINTS = np.array([[[0, 0, 0], [1, 2, 3]], [[99, 99, 99], [1, -1, 1]]], float)
FOUND = np.array([[True, True], [False, True]])


def test_the_box_is_around_what_was_found():
    scene = fit_scene(POINTS, FOUND)
    np.testing.assert_allclose(scene.low, [-0.3, -1.3, -0.3])
    np.testing.assert_allclose(scene.high, [1.3, 2.3, 3.3])


@pytest.mark.parametrize(
    ('up', 'side', 'value'), [('+y', 'low', -1), ('-y', 'high', 2), ('-z', 'high', 3)]
)
def test_the_floor_is_below_the_lowest_keypoint(up, side, value):
    below = np.array([10.0, 10, 10]) if up[0] == '-' else np.array([-10.0, -10, -10])
    camera = Cameras(torch.eye(3)[None], torch.eye(3)[None], -torch.tensor(below)[None])
    calibration = Calibration(('a',), camera, (None,))
    scene = fit_scene(POINTS, FOUND, up=up, calibration=calibration, margin=0.5)
    axis = 'xyz'.index(up[1])
    assert getattr(scene, side)[axis] == value
    other = np.arange(3) != axis
    assert (scene.low[other] < np.minimum(below, -1)[other]).all()
    assert (scene.high[other] > np.maximum(below, 2)[other]).all()


def test_turned_so_that_z_is_up():
    scene = Scene(np.array([0, 1, 2]), np.array([3, 5, 7]), '-y')
    low, high = scene.turned_corners
    # y points down: (x, y, z) is seen at (x, z, -y).
    assert low.tolist() == [0, 2, -5]
    assert high.tolist() == [3, 7, -1]
    assert (Scene(np.zeros(3), np.ones(3)).turn == np.eye(3)).all()


def test_what_is_no_scene():
    with pytest.raises(ValueError, match='found: expected a keypoint that was found'):
        fit_scene(POINTS, np.zeros_like(FOUND))
    with pytest.raises(ValueError, match='scene: expected low below high, got'):
        Scene(np.zeros(3), np.array([1, 0, 1]))
    with pytest.raises(ValueError, match="up: expected one of .*, got 'z'"):
        Scene(np.zeros(3), np.ones(3), 'z')
