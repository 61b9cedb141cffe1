import numpy as np
import pytest
import torch

from ppt_mmpose.calibration import Calibration
from ppt_mmpose.geometry import Cameras
from ppt_mmpose.visualization.scene import Scene
from ppt_mmpose.visualization.skeleton_3d import SkeletonPicture

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)
META = dict(
    skeleton_links=[(0, 1), (1, 2)],
    skeleton_link_colors=[BLUE, RED],
    keypoint_colors=[RED, GREEN, GREEN],
)
POINTS = np.array([[0, 0, 0.1], [0, 0, 0.5], [0.4, 0, 0.9]])
ALL = np.array([True, True, True])
ROOM = Scene(np.array([-0.5, -0.5, 0]), np.array([0.5, 0.5, 1]), '+z')


def where(picture, color):
    """Rows and columns of the pixels of a colour."""
    return np.argwhere((picture == color).all(-1))


@pytest.fixture
def picture():
    return SkeletonPicture(META, ROOM, size=(200, 240))


def test_joints_and_links_have_their_colours_and_stand_upright(picture):
    drawn = picture.draw(POINTS, ALL)
    assert drawn.shape == (240, 200, 3)
    assert drawn.dtype == np.uint8
    low, high = where(drawn, BLUE)[:, 0].max(), where(drawn, BLUE)[:, 0].min()
    assert low > high + 30
    # The first keypoint is at the foot of the first link.
    red = where(drawn, RED)
    assert (red[:, 0] > low - 10).any()
    green = where(drawn, GREEN)[:, 0]
    assert (green < low - 20).all()
    # The others are at its top and above.
    assert (abs(green - high) < 5).any()
    assert (green < high - 15).any()


@pytest.mark.parametrize(('up', 'flip'), [('-z', -1), ('+z', 1)])
def test_down_is_down_whatever_the_world_says(up, flip):
    room = Scene(*np.sort(np.stack([ROOM.low, ROOM.high]) * flip, axis=0), up)
    drawn = SkeletonPicture(META, room, size=(200, 240)).draw(POINTS * flip, ALL)
    assert where(drawn, GREEN)[:, 0].mean() < where(drawn, BLUE)[:, 0].mean()


def test_what_was_not_found_is_not_drawn(picture):
    drawn = picture.draw(POINTS, np.array([False, True, True]))
    assert len(where(drawn, BLUE)) == 0
    assert len(where(drawn, GREEN)) > 20
    assert len(where(drawn, RED)) > 20
    nothing = picture.draw(POINTS, ~ALL)
    assert not any(len(where(nothing, color)) for color in (RED, GREEN, BLUE))
    # The floor is still there.
    assert (nothing < 255).any()


def test_the_same_is_drawn_the_same_and_nothing_else_moves(picture):
    first = picture.draw(POINTS, ALL)
    nothing = picture.draw(POINTS, ~ALL)
    moved = picture.draw(POINTS + 0.05, ALL)
    again = picture.draw(POINTS, ALL)
    assert (again == first).all()
    assert (moved != first).any()
    person = (first != nothing).any(-1) | (moved != nothing).any(-1)
    assert (moved[~person] == first[~person]).all()


@pytest.mark.parametrize('up', ['+z', None])
@pytest.mark.parametrize('size', [(641, 333), (251, 401), (300, 300)])
def test_the_scene_fills_a_picture_of_any_size(size, up):
    room = Scene(ROOM.low, ROOM.high, up)
    drawn = SkeletonPicture(META, room, size=size).draw(POINTS, ALL)
    assert drawn.shape == (size[1], size[0], 3)
    rows, columns = np.nonzero((drawn < 250).any(-1))
    spans = np.ptp(rows) / size[1], np.ptp(columns) / size[0]
    assert max(spans) > 0.65
    frame = [drawn[0], drawn[-1], drawn[:, 0], drawn[:, -1]]
    assert all((side == 255).all() for side in frame)


def test_cameras_and_titles_are_drawn():
    rotation = torch.tensor([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
    centre = torch.tensor([0.0, -0.4, 0.8])
    cameras = Cameras(
        torch.tensor([[[100.0, 0, 50], [0, 100, 50], [0, 0, 1]]]),
        rotation[None],
        -(rotation @ centre)[None],
    )
    calibration = Calibration(('front',), cameras, ((100, 100),))
    without = SkeletonPicture(META, ROOM).draw(POINTS, ~ALL)
    painter = SkeletonPicture(META, ROOM, calibration=calibration)
    changed = (painter.draw(POINTS, ~ALL) != without).any(-1)
    assert 50 < changed.sum() < 5000
    # Above the middle, where the camera is.
    assert np.nonzero(changed)[0].max() < 400
    titled = (painter.draw(POINTS, ~ALL, title='walk') != without).any(-1) & ~changed
    assert titled[:60].sum() > 30
    assert not titled[60:].any()


def test_a_picture_that_is_too_small_is_refused():
    with pytest.raises(ValueError, match=r'size: expected at least 200 px, got .199'):
        SkeletonPicture(META, ROOM, size=(199, 200))
