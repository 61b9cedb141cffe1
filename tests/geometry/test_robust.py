import pytest
import torch
from camera_rigs import people, ring

from ppt_mmpose.geometry import robust
from ppt_mmpose.geometry.consensus import agreeing
from ppt_mmpose.geometry.observations import Observations
from ppt_mmpose.geometry.robust import triangulate_robust


def observed(views=6, count=40, noise=2.0):
    cameras, points = ring(views, lens=()), people(count)
    generator = torch.Generator().manual_seed(0)
    pixels = cameras.project(points).pixels
    pixels = pixels + noise * torch.randn(pixels.shape, generator=generator).double()
    flat = cameras.normalised(pixels).points
    weights = torch.ones(1, views, count, dtype=torch.float64)
    threshold = torch.full((1, views), 10.0, dtype=torch.float64)
    return points, Observations.of(cameras.sets(), flat[None], weights), threshold


def test_all_views_are_used_where_they_agree():
    points, observations, threshold = observed()
    found, used, agree = triangulate_robust(observations, threshold)
    assert used.all()
    assert agree.all()
    assert (found[0].mT - points).norm(dim=-1).max() < 0.02


def test_only_the_points_with_a_wrong_view_lose_it():
    points, observations, threshold = observed()
    observations.x[:, 2, ::3] += 200
    found, used, _ = triangulate_robust(observations, threshold)
    wrong = torch.zeros(40, dtype=torch.bool)
    wrong[::3] = True
    assert torch.equal(used[0, 2], ~wrong)
    assert used[0, [0, 1, 3, 4, 5]].all()
    assert (found[0].mT - points).norm(dim=-1).max() < 0.02


def test_the_rounds_win_back_views_that_a_pair_could_not_speak_for(monkeypatch):
    # Where noise is near the threshold, two views alone lose some of the others.
    _, observations, threshold = observed(views=12, noise=4.0)
    observations.y[:, 0] += 300
    found, used, _ = triangulate_robust(observations, threshold)
    monkeypatch.setattr(robust, '_ROUNDS', 0)
    _, without, _ = triangulate_robust(observations, threshold)
    assert not torch.equal(used, without)
    assert not used[:, 0].any()
    # With them, the views that are used are those that agree with the point.
    assert (used == agreeing(observations, found, threshold)).float().mean() > 0.99


@pytest.mark.parametrize('views', [2, 3])
def test_where_no_two_views_agree_all_are_used(views):
    _, observations, threshold = observed(views)
    for view in range(views):
        observations.y[:, view] += 300 * (-1) ** view * (view + 1)
    _, used, agree = triangulate_robust(observations, threshold)
    assert not agree.any()
    assert used.all()
