import cv2
import numpy as np
import pytest
import torch
from camera_rigs import LENS

from ppt_mmpose.geometry import distort, undistort

LENSES = {
    'five': LENS,
    'rational': (0.3, -0.1, 0.001, -0.002, 0.02, 0.25, -0.05, 0.01),
    'thin prism': (*LENS, 0.0, 0.0, 0.0, 0.002, -0.001, 0.003, 0.0005),
}


def twelve(coefficients):
    given = torch.tensor(coefficients, dtype=torch.float64)
    return torch.nn.functional.pad(given, (0, 12 - len(given)))


def points(count=200, size=0.6):
    generator = torch.Generator().manual_seed(0)
    return (torch.rand(count, 2, generator=generator).double() * 2 - 1) * size


@pytest.mark.parametrize('name', LENSES)
def test_distorts_as_opencv_does(name):
    lens, flat = LENSES[name], points()
    rays = np.concatenate([flat.numpy(), np.ones((len(flat), 1))], axis=1)
    coefficients = twelve(lens).numpy()
    expected = cv2.projectPoints(
        rays, np.zeros(3), np.zeros(3), np.eye(3), coefficients
    )[0][:, 0]
    torch.testing.assert_close(
        distort(flat, twelve(lens)), torch.from_numpy(expected), rtol=0, atol=1e-12
    )


@pytest.mark.parametrize('name', LENSES)
def test_undistorts_what_was_distorted(name):
    flat, coefficients = points(), twelve(LENSES[name])
    result = undistort(distort(flat, coefficients), coefficients)
    assert result.found.all()
    torch.testing.assert_close(result.points, flat, rtol=0, atol=1e-11)


def test_a_known_value():
    # At (0.5, 0), k1 = 0.2: 0.5 (1 + 0.2 * 0.25) = 0.525.
    coefficients = twelve([0.2])
    flat = torch.tensor([[0.5, 0.0]], dtype=torch.float64)
    torch.testing.assert_close(
        distort(flat, coefficients), torch.tensor([[0.525, 0.0]]).double()
    )


def test_beyond_the_edge_of_the_lens_nothing_is_found():
    # r - 0.3 r^3 is at most 0.7027, at r = 1.054.
    coefficients = twelve([-0.3])
    shown = torch.tensor([[0.70, 0.0], [0.71, 0.0], [50.0, 50.0]]).double()
    result = undistort(shown, coefficients)
    assert result.found.tolist() == [True, False, False]
    assert result.points[0, 0] < 1.054
    assert torch.equal(result.points[1:], shown[1:])


def test_without_a_lens_points_are_left_alone():
    flat = points(10)
    result = undistort(flat, twelve([]))
    assert result.points is flat
    assert result.found.all()


@pytest.mark.parametrize('name', LENSES)
def test_gradients(name):
    flat = points(5, 0.4).requires_grad_()
    coefficients = twelve(LENSES[name]).requires_grad_()
    assert torch.autograd.gradcheck(distort, (flat, coefficients))
    shown = distort(flat, coefficients).detach().requires_grad_()
    assert torch.autograd.gradcheck(
        lambda p, c: undistort(p, c).points, (shown, coefficients)
    )


def test_the_gradient_of_a_point_that_the_lens_cannot_show_is_finite():
    shown = torch.tensor([[0.3, 0.1], [5.0, 5.0]]).double().requires_grad_()
    undistort(shown, twelve([-0.3])).points.sum().backward()
    assert shown.grad.isfinite().all()


@pytest.mark.parametrize('k1', [-0.1, -0.2, -0.3])
def test_nothing_beyond_the_edge_is_found_on_another_branch(k1):
    coefficients = twelve([k1])
    radius = (1 / (-3 * k1)) ** 0.5
    edge = radius + k1 * radius**3
    along = torch.linspace(0, 3, 601, dtype=torch.float64)
    for direction in ((1.0, 0.0), (0.6, -0.8)):
        shown = along[:, None] * torch.tensor(direction, dtype=torch.float64)
        result = undistort(shown, coefficients)
        assert result.found[along < edge - 1e-3].all()
        assert not result.found[along > edge + 1e-9].any()
        assert (result.points[result.found].norm(dim=-1) <= radius).all()
