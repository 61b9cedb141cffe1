import numpy as np
import pytest
import torch

from ppt_mmpose.tokens import Pruning
from ppt_mmpose.visualization.kept_tokens import HEIGHT, draw_kept_tokens
from ppt_mmpose.visualization.panels import panel_corner
from ppt_mmpose.visualization.patches import VEIL, on_grid, to_pixels, veil_pruned

GRID = (4, 3)


def coloured(height=64, width=48):
    return np.full((height, width, 3), (200, 40, 90), np.uint8)


def pruning(block, *kept):
    return Pruning(block, torch.zeros(1, 12), torch.tensor([kept]))


def test_values_go_to_their_patches_in_any_order():
    patches = on_grid(np.array([5.0, 7.0]), torch.tensor([11, 3]), GRID)
    assert patches.tolist() == [[0, 0, 0], [5 * 0 + 7, 0, 0], [0, 0, 0], [0, 0, 5]]
    pixels = to_pixels(patches, (8, 6))
    assert (pixels[6:, 4:] == 5).all()
    assert (pixels[2:4, :2] == 7).all()
    assert pixels.sum() == 4 * 12


def test_a_kept_patch_is_seen_in_its_place():
    image = coloured()
    veiled = veil_pruned(image, torch.tensor([5, 1]), GRID)
    seen = (veiled == image).all(axis=2)
    expected = np.zeros((64, 48), bool)
    expected[0:16, 16:32] = True
    expected[16:32, 32:48] = True
    assert (seen == expected).all()
    assert veiled[~expected].min() >= VEIL


def test_the_strip_shows_each_pruning_at_its_place():
    image = coloured()
    strip = draw_kept_tokens(image, [pruning(3, 0, 5, 7), pruning(6, 5)], GRID)
    assert strip.dtype == np.uint8
    factor = HEIGHT // 64
    size = (HEIGHT, 48 * factor)
    for column, kept in enumerate([set(range(12)), {0, 5, 7}, {5}]):
        top, left = panel_corner(0, column, size)
        for patch in range(12):
            y = top + (patch // 3 * 16 + 8) * factor
            x = left + (patch % 3 * 16 + 8) * factor
            assert (tuple(strip[y, x]) == (200, 40, 90)) == (patch in kept)


def test_a_sample_of_the_batch_is_chosen():
    both = Pruning(0, torch.zeros(2, 12), torch.tensor([[0], [11]]))
    strips = [draw_kept_tokens(coloured(), [both], GRID, sample=i) for i in (0, 1)]
    assert (strips[1] == draw_kept_tokens(coloured(), [pruning(0, 11)], GRID)).all()
    assert (strips[0] != strips[1]).any()


def test_without_pruning_the_crop_is_alone_and_says_so():
    whole = draw_kept_tokens(coloured(), [], GRID)
    two = draw_kept_tokens(coloured(), [pruning(0, 1)], GRID)
    assert whole.shape[0] == two.shape[0]
    assert whole.shape[1] < two.shape[1]


def test_a_skeleton_picture_comes_first():
    skeleton = np.zeros((HEIGHT, HEIGHT * 48 // 64, 3), np.uint8)
    strip = draw_kept_tokens(coloured(), [pruning(0, 1)], GRID, skeleton=skeleton)
    top, left = panel_corner(0, 0, skeleton.shape[:2])
    assert not strip[top : top + HEIGHT, left : left + skeleton.shape[1]].any()


def test_patches_that_do_not_divide_the_picture():
    with pytest.raises(ValueError, match=r'4 x 3 patches divide, got \(64, 50\)'):
        veil_pruned(coloured(64, 50), torch.tensor([0]), GRID)
