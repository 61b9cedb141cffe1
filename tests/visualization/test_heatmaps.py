import numpy as np
import pytest
import torch

from ppt_mmpose.visualization.heatmaps import HEIGHT, draw_heatmaps, heatmap_panels
from ppt_mmpose.visualization.panels import panel_corner

NAMES = ['head', 'left_hand']
GREY = np.full((HEIGHT, HEIGHT, 3), 128, np.uint8)


@pytest.fixture
def heatmaps():
    """The head in the upper left, the hand, of which it is less sure, lower right."""
    values = torch.full((2, 8, 8), -0.1)
    values[0, 1:3, 1:3] = 0.8
    values[1, 5:7, 5:7] = 0.2
    return values


def red(picture):
    """Corners of the picture in whose middle there is red."""
    places = dict(head=64, hand=192)
    picture = picture.astype(int)
    return {
        name
        for name, place in places.items()
        if picture[place, place, 0] > picture[place, place, 2]
    }


def test_each_heatmap_lies_over_the_crop(heatmaps):
    panels = heatmap_panels(GREY, heatmaps, keypoints=[1, 0], names=NAMES)
    assert [red(picture) for picture, _ in panels] == [
        {'head', 'hand'},
        {'hand'},
        {'head'},
    ]
    captions = [caption for _, caption in panels]
    assert captions == ['all keypoints', 'left hand, max 0.20', 'head, max 0.80']


def test_another_view_that_is_surer_makes_this_one_pale(heatmaps):
    panels = heatmap_panels(
        GREY,
        heatmaps,
        keypoints=[1],
        names=NAMES,
        highest=torch.tensor([0.8, 1.0]),
    )
    assert [red(picture) for picture, _ in panels] == [{'head'}, set()]
    assert panels[1][1] == 'left hand, max 0.20'


def test_a_heatmap_of_nothing_is_blue():
    panels = heatmap_panels(
        GREY, torch.full((1, 8, 8), -0.3), keypoints=[0], names=NAMES
    )
    for picture, _ in panels:
        assert (picture == picture[0, 0]).all()
        assert picture[0, 0, 2] > picture[0, 0, 0]


def test_a_strip_begins_with_the_prediction(heatmaps):
    small = GREY[::4, ::4]
    skeleton = np.zeros((2 * HEIGHT, 2 * HEIGHT, 3), np.uint8)
    strip = draw_heatmaps(
        small, heatmaps, keypoints=[0], names=NAMES, skeleton=skeleton
    )
    pictures = []
    for column in range(3):
        top, left = panel_corner(0, column, (HEIGHT, HEIGHT))
        pictures.append(strip[top : top + HEIGHT, left : left + HEIGHT])
    assert not pictures[0].any()
    assert [red(picture) for picture in pictures[1:]] == [{'head', 'hand'}, {'head'}]
