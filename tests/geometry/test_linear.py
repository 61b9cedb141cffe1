import pytest
import torch
from camera_rigs import people, ring

from ppt_mmpose.geometry.linear import triangulate_linear
from ppt_mmpose.geometry.observations import Observations


def observed(noise):
    cameras, points = ring(4, lens=()), people(6)
    generator = torch.Generator().manual_seed(0)
    pixels = cameras.project(points).pixels
    pixels = pixels + noise * torch.randn(pixels.shape, generator=generator).double()
    weights = torch.rand(1, 4, 6, generator=generator).double() + 0.2
    flat = cameras.normalised(pixels).points
    observations = Observations.of(cameras.sets(), flat[None], weights)
    return cameras, points, pixels, observations


@pytest.mark.parametrize('unit', [1e-3, 1.0])
def test_the_weighted_unit_vector_that_violates_the_equations_least(unit):
    cameras, _, pixels, observations = observed(20)
    weights = observations.weights
    result = triangulate_linear(observations, weights, unit)[0].mT
    pose = torch.cat([cameras.rotation * unit, cameras.translation[..., None]], dim=-1)
    p1, p2, p3 = (cameras.intrinsics @ pose).unbind(1)
    for index in range(6):
        x, y = pixels[:, index, :1], pixels[:, index, 1:]
        rows = torch.cat([x * p3 - p1, y * p3 - p2])
        factors = weights[0, :, index].repeat(2)[:, None]
        vector = torch.linalg.svd(factors * rows).Vh[-1]
        expected = unit * vector[:3] / vector[3]
        torch.testing.assert_close(result[index], expected, rtol=0, atol=1e-8)


def test_the_unit_matters_where_views_disagree():
    _, _, _, observations = observed(20)
    small, large = (
        triangulate_linear(observations, observations.weights, unit)
        for unit in (1e-3, 1.0)
    )
    assert (small - large).abs().max() > 1e-5


def test_rays_that_are_parallel_give_finite_numbers():
    _, _, _, observations = observed(0)
    one = Observations(
        observations.matrix[:, :1].expand(1, 2, 3, 4),
        *(
            part[:, :1].expand(1, 2, -1)
            for part in (observations.x, observations.y, observations.weights)
        ),
    )
    assert triangulate_linear(one, one.weights).isfinite().all()
