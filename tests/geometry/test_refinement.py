from itertools import pairwise

import numpy as np
import torch
from camera_rigs import people, ring
from scipy.optimize import least_squares

from ppt_mmpose.geometry.observations import Observations
from ppt_mmpose.geometry.refinement import first_guess, refine


def observed(noise):
    cameras, points = ring(4, lens=()), people(6)
    pixels = cameras.project(points).pixels
    generator = torch.Generator().manual_seed(0)
    pixels = pixels + noise * torch.randn(pixels.shape, generator=generator).double()
    weights = torch.rand(1, 4, 6, generator=generator).double() + 0.5
    flat = cameras.normalised(pixels).points
    return cameras, points, pixels, Observations.of(cameras.sets(), flat[None], weights)


def test_exact_observations_give_the_points_at_once():
    _, points, _, observations = observed(0)
    guess = first_guess(observations, observations.weights)
    torch.testing.assert_close(guess[0].mT, points, rtol=0, atol=1e-10)


def test_the_refined_point_is_that_of_a_general_solver():
    cameras, points, pixels, observations = observed(10)
    weights = observations.weights
    guess = first_guess(observations, weights)
    result = refine(observations, guess, weights, 10)[0].mT

    def differences(point, index):
        projected = cameras.project(torch.from_numpy(point)[None]).pixels[:, 0]
        off = (projected - pixels[:, index]) * weights[0, :, index, None]
        return off.numpy().ravel()

    for index in range(6):
        start = points[index].numpy()
        expected = least_squares(differences, start, args=(index,), xtol=1e-14).x
        assert np.abs(expected - result[index].numpy()).max() < 1e-6
        assert (guess[0, :, index] - result[index]).norm() > 1e-5


def test_a_view_without_weight_is_left_out():
    _, points, _, observations = observed(0)
    observations.x[:, 2] += 100
    weights = observations.weights.clone()
    weights[:, 2] = 0
    start = points.mT[None] + 0.05
    result = refine(observations, start, weights, 8)
    torch.testing.assert_close(result[0].mT, points, rtol=0, atol=1e-8)


def test_no_step_makes_a_point_worse():
    _, points, _, observations = observed(30)
    start = points.mT[None] * 5
    costs = []
    for steps in range(6):
        x, y, _ = observations.reproject(
            refine(observations, start, observations.weights, steps)
        )
        off = (x - observations.x) ** 2 + (y - observations.y) ** 2
        costs.append((off * observations.weights**2).sum(1))
    assert all((later <= earlier).all() for earlier, later in pairwise(costs))


def test_a_point_behind_the_cameras_stays_where_it_is():
    _, points, _, observations = observed(0)
    start = points.mT[None] + torch.tensor([0.0, 0, 1e3]).double()[:, None]
    result = refine(observations, start, observations.weights, 3)
    assert result.isfinite().all()
