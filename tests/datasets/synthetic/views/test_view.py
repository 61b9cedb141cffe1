from dataclasses import replace

import numpy as np
import pytest
import torch

from ppt_mmpose.datasets.synthetic.depth import depth_of
from ppt_mmpose.datasets.synthetic.solids import Ellipsoid, Paint
from ppt_mmpose.datasets.synthetic.views.layouts import random_rig
from ppt_mmpose.datasets.synthetic.views.view import View
from ppt_mmpose.geometry import Cameras

SIZE = (120, 100)


def calibration(lens, seed=0):
    return random_rig(
        np.random.default_rng(seed), 'ring', views=3, size=SIZE, lens=lens
    )


def ball(centre):
    return Ellipsoid('ball', Paint((9, 9, 9)), centre, np.eye(3), np.full(3, 0.04))


def with_cameras(known, **changes):
    cameras = known.cameras
    names = ('intrinsics', 'rotation', 'translation', 'distortion')
    fields = {name: getattr(cameras, name) for name in names}
    return replace(known, cameras=Cameras(**{**fields, **changes}))


def test_without_a_lens_the_pinhole_is_the_camera():
    known = calibration(lens=False)
    view = View(known, 1)
    assert view.pinhole.size == view.size == SIZE
    points = np.random.default_rng(0).uniform(-0.8, 0.8, (9, 3)) + np.eye(3)[2]
    expected = known.cameras.project(torch.from_numpy(points)).pixels[1].numpy()
    np.testing.assert_allclose(view.pinhole.project(points)[0], expected, atol=1e-9)
    np.testing.assert_allclose(view.project(points)[0], expected, atol=1e-9)
    picture = np.arange(120 * 100).reshape(100, 120)
    np.testing.assert_array_equal(view.shown(picture), picture)


@pytest.mark.parametrize('seed', range(3))
def test_with_a_lens_each_pixel_comes_from_where_it_was_bent(seed):
    known = calibration(True, seed)
    view = View(known, 0)
    width, height = view.pinhole.size
    assert width > SIZE[0]
    assert height > SIZE[1]
    drawn = np.stack(np.meshgrid(np.arange(width), np.arange(height)), -1)
    source = view.shown(drawn.astype(np.float32)).astype(np.float64)
    assert source.shape == (100, 120, 2)
    # The pinhole's image begins where its principal point says.
    principal = known.cameras.intrinsics[0, :2, 2].numpy()
    flat = torch.from_numpy(source - view.pinhole.centre + principal).reshape(1, -1, 2)
    back = known.cameras.select([0]).distort(flat).reshape(100, 120, 2).numpy()
    pixels = np.stack(np.meshgrid(np.arange(120), np.arange(100)), -1)
    # cv2.remap interpolates in steps of a 32nd of a pixel.
    np.testing.assert_allclose(back, pixels, atol=0.03)


def test_a_ball_is_drawn_where_the_cameras_project_it():
    known = calibration(lens=True)
    bent_most = 0.0
    for index in range(3):
        view = View(known, index)
        camera = known.cameras.select([index])
        for corner in [(5, 5), (115, 6), (60, 50), (6, 95)]:
            pixel = torch.tensor([[corner]], dtype=torch.float64)
            flat = camera.normalised(pixel).points[0, 0].numpy()
            ray = view.pinhole.rotation.T @ np.append(flat, 1)
            centre = view.pinhole.eye + 3.5 * ray
            seen = np.isfinite(depth_of([ball(centre)], view.pinhole))
            mask = view.shown(seen.astype(np.uint8), blend=False)
            rows, columns = np.nonzero(mask)
            assert (columns.mean(), rows.mean()) == pytest.approx(corner, abs=0.6)
            pixels, inside = view.project(centre[None])
            assert inside.all()
            np.testing.assert_allclose(pixels[0], corner, atol=1e-6)
            plain = camera.without_distortion()
            off = plain.project(torch.from_numpy(centre[None])).pixels[0, 0] - pixel
            bent_most = max(bent_most, float(off.abs().max()))
    assert bent_most > 1.5


def test_what_is_behind_or_beside_is_not_inside():
    view = View(calibration(lens=False), 0)
    eye, forward = view.pinhole.eye, view.pinhole.rotation[2]
    points = np.stack((eye + 3 * forward, eye - 3 * forward, eye + 9 * np.eye(3)[2]))
    assert view.project(points)[1].tolist() == [True, False, False]


def test_cameras_that_cannot_be_drawn_are_refused():
    known = calibration(lens=False)
    with pytest.raises(ValueError, match=r"^camera 'cam1': expected an image size"):
        View(replace(known, image_sizes=(SIZE, None, SIZE)), 1)
    oblong = known.cameras.intrinsics.clone()
    oblong[2, 1, 1] *= 1.1
    with pytest.raises(ValueError, match=r"^camera 'cam2': expected one focal length"):
        View(with_cameras(known, intrinsics=oblong), 2)
    # This lens reaches no farther than a short way from the middle.
    strong = torch.tensor([-9.0]).double().expand(3, 1)
    with pytest.raises(ValueError, match=r"^camera 'cam0': expected a lens that shows"):
        View(with_cameras(known, distortion=strong), 0)


@pytest.mark.parametrize(
    ('pixel', 'expected'),
    [
        ((0.01, 0.01), True),
        ((118.99, 98.99), True),
        ((-0.01, 50), False),
        ((119.01, 50), False),
        ((60, -0.01), False),
        ((60, 99.01), False),
    ],
)
def test_images_reach_from_the_first_to_the_last_pixels_centre(pixel, expected):
    view = View(calibration(lens=False), 0)
    flat = (np.array(pixel) - view.pinhole.centre) / view.pinhole.focal
    point = view.pinhole.eye + 3 * np.append(flat, 1) @ view.pinhole.rotation
    assert view.project(point[None])[1].tolist() == [expected]
