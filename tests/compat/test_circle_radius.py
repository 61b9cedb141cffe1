import warnings

import numpy as np
from mmpose.visualization import PoseLocalVisualizer

from ppt_mmpose.compat import circle_radius


def test_a_circle_is_drawn_without_numpys_warning():
    visualizer = PoseLocalVisualizer()
    visualizer.set_image(np.zeros((20, 20, 3), np.uint8))
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        visualizer.draw_circles(
            np.array([10, 10]), radius=np.array([3]), face_colors=(0, 0, 255)
        )
    drawn = visualizer.get_image()[..., 2] > 0
    assert drawn[10, 7:14].all()
    assert not drawn[10, 15]


def test_the_matplotlib_backend_still_gets_its_array():
    visualizer = PoseLocalVisualizer(backend='matplotlib')
    visualizer.set_image(np.zeros((20, 20, 3), np.uint8))
    visualizer.draw_circles(np.array([[10, 10]]), radius=np.array([3]))


def test_applying_twice_wraps_once():
    before = PoseLocalVisualizer.draw_circles
    circle_radius.apply()
    assert PoseLocalVisualizer.draw_circles is before
