from collections import Counter

import pytest
import torch
from camera_rigs import people, ring

from ppt_mmpose.geometry.consensus import (
    MAX_PAIRS,
    _pairs,
    agreeing,
    best_proposal,
)
from ppt_mmpose.geometry.observations import Observations


def observed(views, count=8, far=0.0):
    """Observations of points (count, 3) in a world whose origin is far away."""
    cameras, points = ring(views), people(count)
    flat = cameras.normalised(cameras.project(points).pixels).points
    shift = torch.tensor([far, 0, 0], dtype=torch.float64)
    moved = type(cameras)(
        cameras.intrinsics,
        cameras.rotation,
        cameras.translation - (cameras.rotation @ shift[:, None])[..., 0],
    )
    weights = torch.ones(1, views, count, dtype=torch.float64)
    observations = Observations.of(moved.sets(), flat[None], weights)
    return observations, (points + shift).mT[None], torch.full((1, views), 10.0)


@pytest.mark.parametrize('views', [3, 5, 16])
@pytest.mark.parametrize('far', [0.0, 1e6])
def test_the_best_proposal_is_that_of_most_views(views, far):
    observations, points, threshold = observed(views, far=far)
    observations.x[:, 0] += 300
    observations.y[:, 0, ::2] -= 200
    proposal = best_proposal(observations, torch.zeros_like(points), threshold)
    torch.testing.assert_close(proposal, points, rtol=0, atol=0.02)
    near = agreeing(observations, points, threshold)
    assert not near[:, 0].any()
    assert near[:, 1:].all()


def test_half_of_many_views_may_be_wrong():
    observations, points, threshold = observed(16, count=50)
    generator = torch.Generator().manual_seed(3)
    wrong = torch.rand(1, 16, 50, generator=generator).argsort(dim=1) < 8
    observations.x[wrong] += 1000 * (torch.rand(int(wrong.sum())).double() + 0.2)
    proposal = best_proposal(observations, torch.zeros_like(points), threshold)
    near = (proposal - points).norm(dim=1) < 0.02
    assert near.float().mean() > 0.95


def test_the_given_proposal_may_win():
    observations, points, threshold = observed(3)
    # Three cameras at one place: no pair of them can say how far a point is.
    one = Observations(
        observations.matrix[:, :1].expand(1, 3, 3, 4),
        *(
            part[:, :1].expand(1, 3, -1)
            for part in (observations.x, observations.y, observations.weights)
        ),
    )
    assert torch.equal(best_proposal(one, points, threshold), points)


def test_pairs_of_the_views_that_saw_the_point():
    observations, points, threshold = observed(16)
    # Only the last three saw anything, and one of them is wrong.
    observations.weights[:, :13] = 0
    observations.x[:, :13] = 0
    observations.x[:, 14] += 400
    proposal = best_proposal(observations, torch.zeros_like(points), threshold)
    difference = (proposal - points).norm(dim=1)
    assert (difference < 0.02).float().mean() > 0.7


@pytest.mark.parametrize('views', range(2, 65))
def test_the_number_of_pairs_is_bounded_and_they_are_spread(views):
    pairs = _pairs(views)
    assert len(set(map(frozenset, pairs))) >= min(MAX_PAIRS - 2, len(pairs))
    assert len(pairs) <= MAX_PAIRS
    assert all(first != second and min(first, second) >= 0 for first, second in pairs)
    assert max(map(max, pairs)) < views
    counts = Counter(view for pair in pairs for view in pair)
    assert max(counts.values()) <= max(6, 2 * len(pairs) / views + 1)
    if views <= 7:
        assert len(set(pairs)) == views * (views - 1) // 2
    if views <= 21:
        assert len(counts) == views
        assert max(counts.values()) - min(counts.values()) <= 2


@pytest.mark.parametrize('views', [12, 24, 32, 40, 48, 64])
@pytest.mark.parametrize('step', [3, 4, 5])
def test_every_few_views_may_be_wrong(views, step):
    observations, points, threshold = observed(views, count=20)
    observations.x[:, ::step] += 300
    proposal = best_proposal(observations, torch.zeros_like(points), threshold)
    torch.testing.assert_close(proposal, points, rtol=0, atol=0.02)


def test_the_scores_have_a_say():
    # Two views against two: those that are surer of themselves win.
    observations, points, threshold = observed(4)
    observations.x[:, 2:] += 200
    observations.weights[:, 2:] = 0.3
    proposal = best_proposal(observations, torch.zeros_like(points), threshold)
    near = (proposal - points).norm(dim=1) < 0.02
    assert near.float().mean() > 0.8


def test_a_wild_point_changes_no_other():
    observations, points, threshold = observed(5)
    observations.x[:, 0] += 400
    wild = torch.cat([points, points.new_full((1, 3, 1), 1e12)], dim=2)
    with_wild = Observations(
        observations.matrix,
        *(
            torch.cat([part, part[..., :1]], dim=-1)
            for part in (observations.x, observations.y, observations.weights)
        ),
    )
    proposal = best_proposal(with_wild, wild, threshold)
    torch.testing.assert_close(
        proposal[..., :-1], best_proposal(observations, points, threshold)
    )
    torch.testing.assert_close(proposal[..., :-1], points, rtol=0, atol=0.02)
