import numpy as np
import pytest
import torch

from ppt_mmpose.calibration import Calibration
from ppt_mmpose.datasets.synthetic.views.layouts import random_rig
from ppt_mmpose.datasets.synthetic.views.staging import FEWEST_INSIDE, random_stage
from ppt_mmpose.datasets.synthetic.views.view import View
from ppt_mmpose.geometry import Cameras


@pytest.fixture(scope='module')
def views():
    rig = random_rig(np.random.default_rng(0), 'slope', views=3, size=(96, 96))
    return [View(rig, index) for index in range(3)]


def test_every_camera_has_the_person_in_its_image(views):
    places = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        scene = random_stage(rng, views, reach=0.5, obstructed=0)
        (body,) = scene.bodies
        for view in views:
            assert view.project(body.keypoints)[1].sum() >= FEWEST_INSIDE
        places.append(body.frames.origins['pelvis'][:2])
        # The seat of some, and no more.
        assert [thing.part for thing in scene.things] in ([], ['seat'])
    away = np.linalg.norm(places, axis=1)
    assert away.max() < 0.5
    assert away.std() > 0.05


def test_obstacles_stand_where_they_are_asked_for(views):
    rng = np.random.default_rng(0)
    scene = random_stage(rng, views, reach=0.5, obstructed=0.3)
    assert len([thing for thing in scene.things if thing.part != 'seat']) > 1


def test_the_horizon_is_behind_the_person(views):
    farthest = max(np.hypot(*view.pinhole.eye[:2]) for view in views)
    for seed in range(5):
        rng = np.random.default_rng(seed)
        around = random_stage(rng, views, reach=0.5, obstructed=0).surroundings
        assert around.radius > farthest + 3
        # As high, as seen from the middle, as with one camera.
        assert around.tallest / around.radius == pytest.approx(
            6 / (around.radius - farthest)
        )


def test_cameras_that_see_nobody_are_refused():
    away = Cameras(
        torch.tensor([[[90.0, 0, 48], [0, 90, 48], [0, 0, 1]]]),
        torch.tensor([[[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]]),
        torch.tensor([[0.0, 0, 50]]) * -1,
    )
    view = View(Calibration(('away',), away, ((96, 96),)), 0)
    with pytest.raises(ValueError, match=r'^views: expected cameras whose images show'):
        random_stage(np.random.default_rng(0), [view], reach=0.5, obstructed=0)
