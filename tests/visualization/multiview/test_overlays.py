from dataclasses import replace

import numpy as np
import pytest
import torch

from ppt_mmpose.calibration import Calibration
from ppt_mmpose.geometry import Cameras
from ppt_mmpose.motion_files import Instant
from ppt_mmpose.visualization.multiview import ViewPainter
from ppt_mmpose.visualization.multiview.overlays import EMPTY
from ppt_mmpose.visualization.panels import panel_corner

RED, GREEN, YELLOW = (255, 0, 0), (0, 255, 0), (255, 255, 0)
META = dict(
    skeleton_links=[(0, 1)],
    skeleton_link_colors=np.array([YELLOW]),
    keypoint_colors=np.array([RED, GREEN, GREEN]),
)
SIZE = (320, 240)


def calibration(views=2, size=SIZE):
    """Cameras at the origin: (x, y, 1) is seen at (100 x + 160, 100 y + 120)."""
    inner = torch.tensor([[100.0, 0, 160], [0, 100, 120], [0, 0, 1]])
    cameras = Cameras(
        inner.expand(views, 3, 3),
        torch.eye(3).expand(views, 3, 3),
        torch.zeros(views, 3),
    )
    return Calibration([f'camera {i}' for i in range(views)], cameras, (size,) * views)


def instant(views=2):
    points = np.array([[50, 60], [150, 60], [250, 100.0]])
    return Instant(
        index=0,
        name='000000',
        keypoints_3d=np.array([[-1, 0.8, 1], [1, 0.8, 1], [0, 0, -1]]),
        found=np.array([True, True, True]),
        keypoints_2d=np.tile(points, (views, 1, 1)),
        scores=np.tile([1, 0.9, 0.1], (views, 1)),
        errors=np.tile([2.0, 4.0, 50.0], (views, 1)),
        used=np.tile([True, True, False], (views, 1)),
        boxes=np.tile([20.0, 30, 300, 230], (views, 1)),
        seen=np.ones(views, bool),
    )


def black(size=SIZE):
    return np.zeros((size[1], size[0], 3), np.uint8)


def magenta(pixels):
    """Where the colour of reprojected keypoints is, edges of lines included."""
    red, green, blue = np.moveaxis(pixels, -1, 0)
    return (red > 150) & (green < 50) & (blue > 150)


def test_everything_is_drawn_where_it_is():
    image = black()
    drawn = ViewPainter(calibration(), META).draw_view(image, instant(), 1)
    assert not image.any()
    assert tuple(drawn[60, 50]) == RED
    assert tuple(drawn[60, 150]) == GREEN
    assert tuple(drawn[60, 100]) == YELLOW
    # The 3D keypoints lie at (60, 200) and (260, 200).
    assert magenta(drawn[200, 60])
    assert magenta(drawn[200, 160])
    for row, column in ((130, 20), (130, 300), (30, 160), (230, 160)):
        assert drawn[row, column].min() > 150
    # A low score, and a 3D keypoint behind the camera.
    assert not drawn[90:110, 240:260].any()
    assert not drawn[115:125, 155:165].any()


def test_what_was_not_found_is_not_drawn():
    painter = ViewPainter(calibration(), META)
    nobody = replace(instant(), seen=np.array([False, True]))
    drawn = painter.draw_view(black(), nobody, 0)
    assert not drawn[:150].any()
    assert magenta(drawn[200, 160])
    gap = replace(nobody, found=np.array([True, False, True]))
    drawn = painter.draw_view(black(), gap, 0)
    assert magenta(drawn[200, 60])
    assert not drawn[:, 70:].any()


def test_keypoints_move_with_the_image_into_another_size():
    # Half as large, with bars of 30 px on the left and on the right.
    painter = ViewPainter(calibration(), META)
    drawn = painter.draw_view(black(), instant(), 0, size=(220, 120))
    assert drawn.shape == (120, 220, 3)
    assert (drawn[:, :30] == EMPTY).all()
    assert (drawn[:, 190:] == EMPTY).all()
    assert tuple(drawn[30, 30 + 25]) == RED
    assert magenta(drawn[100, 30 + 80])


def test_a_view_without_image_is_empty():
    painter = ViewPainter(calibration(), META)
    drawn = painter.draw_view(None, instant(), 0)
    assert drawn.shape == (240, 320, 3)
    assert (drawn == EMPTY).all()
    painter = ViewPainter(calibration(size=None), META)
    assert painter.draw_view(None, instant(), 0, size=(9, 5)).shape == (5, 9, 3)
    with pytest.raises(ValueError, match="size: expected one for camera 'camera 0'"):
        painter.draw_view(None, instant(), 0)


@pytest.mark.parametrize(('views', 'grid'), [(1, (1, 1)), (3, (2, 2)), (5, (2, 3))])
def test_a_mosaic_has_equal_cells(views, grid):
    painter = ViewPainter(calibration(views), META)
    images = [black() for _ in range(views - 1)] + [black((100, 240))]
    drawn = painter.draw_views(images, instant(views), width=160)
    for view in range(views):
        y, x = panel_corner(*divmod(view, grid[1]), (120, 160), 12)
        cell = drawn[y : y + 120, x : x + 160]
        assert magenta(cell).sum() > 10
        below = drawn[y + 120 : y + 136, x : x + 160]
        assert (below < 128).any()
    y, x = panel_corner(*grid, (120, 160), 12)
    assert drawn.shape == (y, x - 8 + 12, 3)


def test_the_size_of_a_mosaic_does_not_depend_on_what_there_is():
    painter = ViewPainter(calibration(), META)
    images = [black(), black()]
    whole = painter.draw_views(images, instant(), columns=1)
    assert (painter.draw_views(images, instant(), columns=1) == whole).all()
    assert painter.draw_views([None, None], instant(), columns=1).shape == whole.shape


def test_captions(monkeypatch):
    captions = []
    monkeypatch.setattr(
        'ppt_mmpose.visualization.multiview.overlays.grid_of_panels',
        lambda rows, **_: captions.extend(text for row in rows for _, text in row),
    )
    one = replace(instant(4), seen=np.array([True, False, True, True]))
    one.used[2] = False
    painter = ViewPainter(calibration(4), META)
    painter.draw_views([black(), black(), black(), None], one)
    assert captions == [
        'camera 0: error 3.0 px',
        'camera 1: nobody',
        'camera 2: not used',
        'camera 3: no image',
    ]


def test_another_number_of_images_is_refused():
    message = 'images: expected one of each camera, camera 0, camera 1, got 1'
    with pytest.raises(ValueError, match=message):
        ViewPainter(calibration(), META).draw_views([black()], instant())
