import pytest
import torch
from camera_rigs import people, ring

from ppt_mmpose.geometry import patch_centres, patch_rays, pixel_rays


def test_rays_lead_to_the_points_that_were_seen():
    cameras, points = ring(3), people(20)
    rays = pixel_rays(cameras, cameras.project(points).pixels)
    expected = points - cameras.centres[:, None]
    expected = expected / expected.norm(dim=-1, keepdim=True)
    torch.testing.assert_close(rays, expected, rtol=0, atol=1e-12)


def test_rays_without_the_lens():
    cameras, points = ring(3), people(20)
    pixels = cameras.project(points).pixels
    rays = pixel_rays(cameras, pixels, undistort=False)
    expected = pixel_rays(cameras.without_distortion(), pixels)
    assert torch.equal(rays, expected)
    assert (rays - pixel_rays(cameras, pixels)).abs().max() > 1e-4


def test_patch_centres_row_by_row():
    # 16 i + 7.5, as in the released code.
    centres = patch_centres(2, 3, (16, 16))
    assert centres.tolist() == [
        [7.5, 7.5], [23.5, 7.5], [39.5, 7.5], [7.5, 23.5], [23.5, 23.5], [39.5, 23.5]
    ]  # fmt: skip


def test_patches_that_are_higher_than_wide():
    centres = patch_centres(2, 2, (16, 12))
    assert centres.tolist() == [[5.5, 7.5], [17.5, 7.5], [5.5, 23.5], [17.5, 23.5]]


def test_rays_of_patches_are_those_of_their_pixels_in_the_whole_image():
    cameras = ring(2)
    left, top, scale = 120.0, 60.0, 0.5
    affine = torch.tensor([[scale, 0, -scale * left], [0, scale, -scale * top]])
    rays = patch_rays(cameras.transformed(affine.expand(2, 2, 3)), 16, 16, (16, 16))
    assert rays.shape == (2, 256, 3)
    pixels = patch_centres(16, 16, (16, 16)) / scale + torch.tensor([left, top])
    expected = pixel_rays(cameras, pixels.expand(2, -1, 2))
    torch.testing.assert_close(rays, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize('undistort', [True, False])
def test_a_far_world_costs_no_digits(undistort):
    near = ring(2)
    far = type(near)(
        near.intrinsics,
        near.rotation,
        near.translation - (near.rotation @ torch.full((3, 1), 1e6).double())[..., 0],
        near.distortion,
    )
    expected = patch_rays(near, 4, 4, (16, 16), undistort=undistort)
    assert torch.equal(patch_rays(far, 4, 4, (16, 16), undistort=undistort), expected)
