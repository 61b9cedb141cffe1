import math

import pytest
import torch
from camera_rigs import looking_at_origin, people, ring

from ppt_mmpose.geometry.observations import (
    Observations,
    slopes,
    solve,
    spread,
    squares,
)


def observed(views=3, count=5):
    cameras, points = ring(views, lens=()), people(count)
    flat = cameras.normalised(cameras.project(points).pixels).points
    weights = torch.rand(1, views, count, dtype=torch.float64)
    return Observations.of(cameras.sets(), flat[None], weights), points


def test_reprojects_to_what_was_seen():
    observations, points = observed()
    x, y, depth = observations.reproject(points.mT[None])
    torch.testing.assert_close(x, observations.x)
    torch.testing.assert_close(y, observations.y)
    assert (depth > 0).all()
    assert observations.reproject(100 * points.mT[None])[0].isfinite().all()


def test_squares_and_slopes_are_those_of_the_equations():
    observations, _ = observed()
    matrix, x, y = observations.matrix, observations.x, observations.y
    wx, wy = torch.rand(2, *x.shape, dtype=torch.float64)
    made = squares(matrix, x, y, wx, wy), slopes(matrix, x, y, wx, wy)
    assert made[0].shape == (1, 4, 4, 5)
    for point in range(5):
        of_square, of_slope = 0, 0
        for view in range(3):
            p1, p2, p3 = matrix[0, view]
            in_x = p1 - x[0, view, point] * p3
            in_y = p2 - y[0, view, point] * p3
            a, b = wx[0, view, point], wy[0, view, point]
            of_square += a * torch.outer(in_x, in_x) + b * torch.outer(in_y, in_y)
            of_slope += a * in_x + b * in_y
        torch.testing.assert_close(made[0][0, :, :, point], of_square)
        torch.testing.assert_close(made[1][0, :, point], of_slope)


def test_solves_as_a_factorisation_does():
    half = torch.randn(2, 6, 3, 3, dtype=torch.float64)
    matrix, right = half @ half.mT, torch.randn(2, 6, 3, dtype=torch.float64)
    expected = torch.linalg.solve(matrix, right)
    result = solve(matrix.permute(0, 2, 3, 1), right.mT).mT
    torch.testing.assert_close(result, expected, rtol=1e-6, atol=1e-6)


def test_equations_without_a_solution_give_zero():
    matrix = torch.ones(1, 3, 3, 2, dtype=torch.float64)
    matrix[..., 1] = torch.eye(3)
    result = solve(matrix, torch.ones(1, 3, 2, dtype=torch.float64))
    assert result.tolist() == [[[0, 1], [0, 1], [0, 1]]]


@pytest.mark.parametrize('degrees', [0.0, 0.1, 30.0, 90.0, 150.0, 180.0])
def test_the_spread_of_two_rays_is_their_angle(degrees):
    angle = math.radians(degrees)
    cameras = looking_at_origin([[3.0, 1, 0.5], [0, 4, 0]])
    turn = torch.eye(3, dtype=torch.float64)
    turn[0, 0] = turn[2, 2] = math.cos(angle)
    turn[0, 2], turn[2, 0] = math.sin(angle), -math.sin(angle)
    rotation = cameras.rotation.clone()
    # Rounded, as rotations in files are.
    rotation[1] = (turn @ rotation[0]).mul(1e5).round() / 1e5
    cameras = type(cameras)(cameras.intrinsics, rotation, cameras.translation)
    flat = torch.zeros(1, 2, 1, 2, dtype=torch.float64)
    used = torch.ones(1, 2, 1, dtype=torch.bool)
    # Rays of one line are the same whether they look one way or the other.
    expected = math.asin(abs(math.sin(angle)))
    result = spread(cameras.sets(), flat, used).item()
    assert result == pytest.approx(expected, abs=1e-5)
    used[0, 1] = False
    assert spread(cameras.sets(), flat, used).item() == pytest.approx(0, abs=1e-7)


def test_take_gives_each_point_a_set_of_its_own_unless_one_set_serves_all():
    observations, _ = observed()
    chosen = torch.tensor([[True, False, False, True, False]])
    part = observations.take(chosen)
    assert torch.equal(part.x, observations.x[:, :, [0, 3]])
    assert part.matrix is observations.matrix
    two = Observations(
        torch.cat([observations.matrix, 2 * observations.matrix]),
        *(
            torch.cat([value, value + 1])
            for value in (observations.x, observations.y, observations.weights)
        ),
    )
    chosen = torch.zeros(2, 5, dtype=torch.bool)
    chosen[0, 4] = chosen[1, 2] = True
    part = two.take(chosen)
    assert part.x.shape == (2, 3, 1)
    assert torch.equal(part.x[1, :, 0], observations.x[0, :, 2] + 1)
    assert torch.equal(part.matrix, two.matrix)
