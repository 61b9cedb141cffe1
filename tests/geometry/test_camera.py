import cv2
import numpy as np
import pytest
import torch
from camera_rigs import LENS, looking_at_origin, people, ring

from ppt_mmpose.geometry import Cameras


def identity(**changes):
    """One camera at the origin that looks along z."""
    values = dict(
        intrinsics=torch.tensor([[[100.0, 0, 50], [0, 200, 40], [0, 0, 1]]]),
        rotation=torch.eye(3)[None],
        translation=torch.zeros(1, 3),
    )
    return Cameras(**{**values, **changes})


def test_a_hand_computed_projection():
    # x = 100 * 1/4 + 50, y = 200 * -0.5/4 + 40
    projection = identity().project(torch.tensor([[1.0, -0.5, 4.0]]))
    assert projection.pixels.tolist() == [[[75.0, 15.0]]]
    assert projection.depth.tolist() == [[4.0]]
    assert projection.pixels.dtype == torch.float64


def test_projects_as_opencv_does():
    cameras, points = ring(5), people(50)
    projection = cameras.project(points)
    for view in range(5):
        expected, _ = cv2.projectPoints(
            points.numpy(),
            cv2.Rodrigues(cameras.rotation[view].numpy())[0],
            cameras.translation[view].numpy(),
            cameras.intrinsics[view].numpy(),
            np.array(LENS),
        )
        difference = np.abs(expected[:, 0] - projection.pixels[view].numpy())
        assert difference.max() < 1e-9


def test_the_centre_is_where_the_camera_stands():
    places = torch.tensor([[3.0, 1.0, 0.5], [-2.0, 2.0, 1.0]])
    cameras = looking_at_origin(places)
    torch.testing.assert_close(cameras.centres, places.double())
    at_origin = cameras.project(torch.zeros(1, 3))
    torch.testing.assert_close(at_origin.depth[:, 0], places.double().norm(dim=-1))
    assert torch.allclose(at_origin.pixels, torch.tensor([500.0, 400.0]).double())


def test_leading_dimensions_of_points_and_of_cameras():
    cameras, points = ring(3), people(4, 7)
    together = cameras.project(points).pixels
    assert together.shape == (4, 3, 7, 2)
    moving = cameras.sets((4,))
    assert torch.equal(moving.project(points).pixels, together)
    assert torch.equal(moving[2:].project(points[2:]).pixels, together[2:])


def test_behind_a_camera_there_is_no_picture_but_a_number():
    points = torch.tensor([[0.3, 0.2, -1.0], [0.3, 0.2, 0.0]], requires_grad=True)
    projection = identity().project(points)
    assert projection.in_front.tolist() == [[False, False]]
    assert projection.pixels.tolist() == [[[50.0, 40.0], [50.0, 40.0]]]
    projection.pixels.sum().backward()
    assert points.grad.tolist() == [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]


def test_undistorts_as_opencv_does_and_back():
    cameras, points = ring(2), people(30)
    shown = cameras.project(points).pixels
    result = cameras.undistort(shown)
    assert result.found.all()
    without = cameras.without_distortion().project(points).pixels
    torch.testing.assert_close(result.points, without, rtol=0, atol=1e-9)
    torch.testing.assert_close(cameras.distort(without), shown, rtol=0, atol=1e-9)
    intrinsics = cameras.intrinsics[0].numpy()
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 100, 1e-14)
    expected = cv2.undistortPointsIter(
        shown[0].numpy(), intrinsics, np.array(LENS), None, intrinsics, criteria
    )
    assert np.abs(expected[:, 0] - result.points[0].numpy()).max() < 1e-6


def test_skew_goes_both_ways():
    intrinsics = torch.tensor([[[100.0, 8, 50], [0, 200, 40], [0, 0, 1]]])
    cameras = identity(intrinsics=intrinsics)
    pixels = cameras.project(torch.tensor([[0.5, 0.25, 1.0]])).pixels
    assert pixels.tolist() == [[[102.0, 90.0]]]  # 50 + 8 * 0.25 + 50, 50 + 40
    assert cameras.normalised(pixels).points.tolist() == [[[0.5, 0.25]]]


def test_crops_and_resized_images_go_into_the_intrinsics():
    cameras, points = ring(2), people(9)
    pixels = cameras.project(points).pixels
    cropped = cameras.cropped(30, 20).project(points).pixels
    torch.testing.assert_close(cropped, pixels - torch.tensor([30.0, 20.0]).double())
    # Of an image twice as large the first pixel covers -0.5 to 0 of the old one.
    resized = cameras.resized(2, 0.5).project(points).pixels
    expected = (pixels + 0.5) * torch.tensor([2.0, 0.5]).double() - 0.5
    torch.testing.assert_close(resized, expected)


@pytest.mark.parametrize(
    'affine',
    [
        [[0.4, 0.1, 7.0], [-0.1, 0.4, 3.0]],
        [[-0.1, -0.9, 700.0], [0.9, -0.1, 30.0]],  # turned by more than 90 degrees
        [[-1.0, 0.0, 999.0], [0.0, 1.0, 0.0]],  # mirrored
    ],
)
def test_a_warped_image_shows_points_where_the_warped_camera_says(affine):
    cameras, points = ring(2), people(9)
    affine = torch.tensor(affine).expand(2, 2, 3)
    pixels = cameras.project(points).pixels
    expected = pixels @ affine[..., :2].mT.double() + affine[:, None, :, 2]
    warped = cameras.transformed(affine)
    torch.testing.assert_close(warped.project(points).pixels, expected)
    torch.testing.assert_close(
        warped.normalised(expected).points, cameras.normalised(pixels).points
    )
    torch.testing.assert_close(warped.distort(warped.undistort(expected)[0]), expected)
    scale = affine[:, 0, :2].double().norm(dim=-1)
    torch.testing.assert_close(warped.focal, scale * cameras.focal)


def test_a_resized_image_shows_a_spot_where_the_resized_camera_says():
    image = np.zeros((80, 100), np.float32)
    image[40:44, 60:64] = 1  # its centre is (61.5, 41.5)
    small = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    y, x = (small > 0.5).nonzero()
    intrinsics = torch.tensor([[[1.0, 0, 61.5], [0, 1, 41.5], [0, 0, 1]]])
    camera = identity(intrinsics=intrinsics)
    centre = camera.resized(0.5).intrinsics[0, :2, 2]
    assert centre.tolist() == [x.mean(), y.mean()]


def test_select_keeps_the_order():
    cameras = ring(4)
    assert torch.equal(cameras.select([2, 0]).centres, cameras.centres[[2, 0]])


def test_gradients():
    cameras, points = ring(2), people(3).requires_grad_()
    names = ('intrinsics', 'translation', 'distortion')
    parts = [getattr(cameras, name).clone().requires_grad_() for name in names]

    def pixels(points, intrinsics, translation, distortion):
        changed = Cameras(intrinsics, cameras.rotation, translation, distortion)
        return changed.project(points).pixels

    assert torch.autograd.gradcheck(pixels, (points, *parts))


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        (dict(rotation=2 * torch.eye(3)[None]), 'rotation of view 0: expected a rotat'),
        (dict(rotation=torch.diag(torch.tensor([1.0, 1, -1]))[None]), 'determinant 1'),
        (dict(intrinsics=torch.zeros(1, 3, 3)), 'focal lengths other than 0'),
        (dict(translation=torch.full((1, 3), torch.nan)), 'translation of view 0'),
        (dict(translation=torch.zeros(2, 3)), r'translation: expected the shape'),
        (dict(distortion=torch.zeros(1, 14)), r'distortion: .* at most 12.*\(1, 14\)'),
        (dict(rotation=torch.eye(3)), r'intrinsics: expected the shape'),
    ],
)
def test_what_is_no_camera_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        identity(**changes)
