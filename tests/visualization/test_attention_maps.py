import numpy as np
import pytest
import torch

from ppt_mmpose.tokens import KeypointAttention
from ppt_mmpose.visualization.attention_maps import (
    HEIGHT,
    draw_attention_maps,
    overlay,
    spread,
)
from ppt_mmpose.visualization.panels import panel_corner
from ppt_mmpose.visualization.patches import VEIL

GRID = (4, 3)
NAMES = ['head', 'hand']


def test_layers_are_those_of_the_paper():
    assert spread(12) == (1, 3, 5, 7, 9, 11)
    assert spread(4) == (0, 1, 2, 3)
    assert spread(24)[-1] == 23


def test_the_patch_that_is_looked_at_is_red():
    patches = np.zeros(GRID)
    patches[2, 1] = 0.3
    drawn = overlay(np.full((64, 48, 3), 128, np.uint8), patches).astype(int)
    red = drawn[..., 0] > drawn[..., 2]
    expected = np.zeros((64, 48), bool)
    expected[32:48, 16:32] = True
    assert (red == expected).all()


def test_nobody_looks_anywhere():
    drawn = overlay(np.full((64, 48, 3), 128, np.uint8), np.zeros(GRID))
    assert (drawn == drawn[0, 0]).all()


@pytest.fixture
def attention():
    # The head looks at patch 7 in block 0; then at 2, where only 2 and 9 are left.
    first = torch.zeros(1, 2, 2 + 12)
    first[0, 0, 2 + 7] = 1
    last = torch.tensor([[[0.0, 0, 0, 1], [0, 0, 1, 0]]])
    whole = torch.arange(12)[None]
    return [
        KeypointAttention(0, first, whole),
        KeypointAttention(1, last, torch.tensor([[9, 2]])),
    ]


def test_each_map_lights_up_where_its_keypoint_looks(attention):
    image = np.full((HEIGHT, HEIGHT * 3 // 4, 3), 128, np.uint8)
    drawn = draw_attention_maps(
        image, attention, GRID, keypoints=[0, 1], names=NAMES
    ).astype(int)

    def pixel(row, column, patch):
        top, left = panel_corner(row, column, image.shape[:2], font_size=14)
        height, width = image.shape[0] // 4, image.shape[1] // 3
        y = top + patch // 3 * height + height // 2
        return drawn[y, left + patch % 3 * width + width // 2]

    def red(row, column):
        pixels = [pixel(row, column, patch) for patch in range(12)]
        return [i for i, (r, _, b) in enumerate(pixels) if r > b]

    assert red(0, 1) == [7]
    assert red(0, 2) == [2]
    assert red(1, 2) == [9]
    pruned = pixel(0, 2, 0)
    assert len(set(pruned)) == 1
    assert pruned[0] == VEIL + 128 // 4
