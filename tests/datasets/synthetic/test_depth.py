import numpy as np

from ppt_mmpose.datasets.synthetic.depth import depth_of
from ppt_mmpose.datasets.synthetic.render import render
from ppt_mmpose.datasets.synthetic.scene import random_shot


def test_depth_is_that_of_the_picture():
    for index in range(4):
        scene, camera = random_shot(np.random.default_rng((3, index)), (96, 128))
        expected = render(scene, camera).depth
        # In another order, too: what is nearer wins.
        for solids in (scene.solids, scene.solids[::-1]):
            np.testing.assert_array_equal(depth_of(solids, camera), expected)


def test_nothing_is_infinitely_far():
    _, camera = random_shot(np.random.default_rng(0), (96, 128))
    depth = depth_of((), camera)
    assert depth.shape == (128, 96)
    assert np.isinf(depth).all()
