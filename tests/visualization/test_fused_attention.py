import numpy as np
import pytest
import torch

from ppt_mmpose.tokens import KeypointAttention
from ppt_mmpose.visualization import TokenPass, draw_fused_attention, fused_attention
from ppt_mmpose.visualization.fused_attention import FusedAttention, mark
from ppt_mmpose.visualization.panels import panel_corner
from ppt_mmpose.visualization.patches import VEIL

GRID = (2, 3)
NAMES = ['head', 'left_hand']
VIEWS = ['left', 'right']
GREY = np.full((192, 288, 3), 128, np.uint8)
TITLE = 'layer 4'


@pytest.fixture
def one():
    """Two instants of three views with two keypoints and two patches left.

    Of the second instant, the view in the middle is missing. A value tells who looks
    (hundreds: instant, view, keypoint) at which token (0 to 5 keypoints, 6 to 11
    patches).
    """
    looking = torch.tensor([100 * (10 * (10 * i + v) + k) for i, v, k in places()])
    rows = looking.reshape(2, 6, 1) + torch.arange(12)
    source = torch.tensor([[5, 0, 6 + 1, 6 + 2, 12 + 3, 12 + 4]] * 2)
    return TokenPass(
        images=torch.zeros(5, 3, 4, 6),
        flipped=False,
        grid=GRID,
        keypoint_tokens=torch.zeros(2, 8),
        prunings=(),
        attention=(KeypointAttention(3, rows.float(), source),),
        views=torch.tensor([[0, 1, 2], [3, -1, 4]]),
    )


def places():
    return [(i, v, k) for i in range(2) for v in range(3) for k in range(2)]


def test_attention_is_taken_apart_by_views(one):
    (seen,) = fused_attention(one, 0)
    assert seen.block == 3
    assert seen.keypoints.shape == (3, 2, 3, 2)
    # Keypoint 1 of view 2 looks at keypoint 0 of view 1, and at the last patch of it.
    assert seen.keypoints[2, 1, 1, 0] == 100 * 21 + 2
    assert seen.patches[2, 1, 1, 1] == 100 * 21 + 6 + 3
    assert seen.source.tolist() == [[5, 0], [1, 2], [3, 4]]


def test_a_missing_view_is_not_there(one):
    (seen,) = fused_attention(one, 1)
    assert seen.patches.shape == (2, 2, 2, 2)
    assert seen.keypoints[1, 0, 1].tolist() == [100 * 120 + 4, 100 * 120 + 5]
    assert seen.patches[1, 0, 0].tolist() == [100 * 120 + 6, 100 * 120 + 7]
    assert seen.source.tolist() == [[5, 0], [3, 4]]


def test_keypoints_of_all_views_are_one_matrix(one):
    (seen,) = fused_attention(one, 0)
    matrix = seen.between_keypoints
    assert matrix.block == 3
    assert torch.equal(matrix.attention[0], one.attention[0].attention[0, :, :6])


def drawn(**options):
    patches = torch.zeros(2, 2, 2, 2)
    # The hand of the right view looks at patch 0 of the left one, and half as much at
    # patch 4 of its own.
    patches[1, 1] = torch.tensor([[0.0, 0.5], [0.25, 0.0]])
    seen = FusedAttention(
        3, torch.zeros(2, 2, 2, 2), patches, torch.tensor([[5, 0], [4, 2]])
    )
    options = dict(view=1, keypoints=[1]) | options
    return draw_fused_attention(
        [GREY, GREY], seen, GRID, view_names=VIEWS, names=NAMES, **options
    ).astype(int)


def pixel(picture, column, patch):
    top, left = panel_corner(0, column, GREY.shape[:2], 14, TITLE)
    y = top + patch // 3 * 96 + 48
    return picture[y, left + patch % 3 * 96 + 48]


def test_maps_of_a_row_have_one_scale():
    picture = drawn()
    red, _, blue = pixel(picture, 1, 0)
    assert red > blue
    red, green, blue = pixel(picture, 2, 4)
    assert green > max(red, blue)  # half of the highest
    for column, pruned in ((1, 4), (2, 0)):
        assert set(pixel(picture, column, pruned)) == {VEIL + 128 // 4}


def test_a_row_begins_with_the_view_that_looks_or_the_picture_that_is_given():
    assert (pixel(drawn(), 0, 3) == 128).all()
    black = np.zeros_like(GREY)
    assert (pixel(drawn(marked=[black]), 0, 3) == 0).all()


def test_who_does_not_look_at_patches_sees_no_red():
    picture = drawn(keypoints=[0])
    assert all(pixel(picture, 1, 0) == pixel(picture, 1, 5))


def test_a_mark_is_a_ring_around_the_place():
    marked = mark(GREY, (100.4, 59.6))
    rows, columns = np.nonzero((marked != GREY).any(axis=2))
    assert abs(rows.mean() - 60) < 0.5
    assert abs(columns.mean() - 100) < 0.5
    assert (marked[60, 100] == 128).all()
    assert (GREY == 128).all()
