import numpy as np

from ppt_mmpose.visualization.panels import grid_of_panels, panel_corner


def picture(value):
    return np.full((20, 30, 3), value, np.uint8)


def test_pictures_lie_at_their_corners_and_captions_below():
    canvas = grid_of_panels(
        [[(picture(1), 'a'), (picture(2), '')], [(picture(3), 'c')]], title='all'
    )
    for row, column, value in ((0, 0, 1), (0, 1, 2), (1, 0, 3)):
        y, x = panel_corner(row, column, (20, 30), title='all')
        assert (canvas[y : y + 20, x : x + 30] == value).all()
    y, x = panel_corner(0, 0, (20, 30), title='all')
    below = canvas[y + 20 : y + 44]
    assert (below[:, x : x + 30] < 128).any()
    x = panel_corner(0, 1, (20, 30), title='all')[1]
    assert (below[:, x : x + 30] == 255).all()


def test_a_long_caption_stays_below_its_picture():
    wide = np.zeros((20, 100, 3), np.uint8)
    canvas = grid_of_panels([[(wide, 'a caption that is too long'), (wide, '')]])
    y, x = panel_corner(0, 0, (20, 100))
    below = canvas[y + 20 :]
    assert (below[:, x : x + 100] < 128).any()
    assert (below[:, x + 100 :] == 255).all()
    assert (below[:, :x] == 255).all()
