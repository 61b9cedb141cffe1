import numpy as np
import pytest
import torch

from ppt_mmpose.tokens import KeypointAttention
from ppt_mmpose.visualization import (
    draw_inner_products,
    draw_keypoint_attention,
    inner_products,
    keypoint_matrices,
)

NAMES = ['head', 'left_hand', 'right_hand']


def test_inner_products_are_scaled_and_rows_sum_to_one():
    tokens = torch.tensor([[2.0, 0, 0, 0], [0, 4, 0, 0]])
    found = inner_products(tokens)
    e = np.exp
    expected = [
        [e(2) / (e(2) + 1), 1 / (e(2) + 1)],
        [1 / (e(8) + 1), e(8) / (e(8) + 1)],
    ]
    assert np.allclose(found, expected, atol=1e-6)


def test_attention_of_the_sample_between_keypoints_is_drawn(monkeypatch):
    torch.manual_seed(0)
    blocks = [
        KeypointAttention(i, torch.rand(2, 3, 3 + 4), torch.zeros(2, 4).long())
        for i in range(12)
    ]
    drawn = []
    monkeypatch.setattr(
        keypoint_matrices, '_draw', lambda *args: drawn.append(args) or np.zeros(1)
    )
    draw_keypoint_attention(blocks, NAMES, sample=1)
    ((matrices, titles, names, lines),) = drawn
    assert not lines
    assert titles == [f'layer {n}' for n in (2, 4, 6, 8, 10, 12)]
    assert names == NAMES
    assert (matrices[0] == blocks[1].attention[1, :, :3].numpy()).all()


def test_pictures_are_rgb():
    block = KeypointAttention(0, torch.rand(1, 3, 7), torch.zeros(1, 4).long())
    for picture in (
        draw_inner_products(torch.rand(3, 8), NAMES),
        draw_inner_products(torch.rand(1, 8), NAMES[:1]),
        draw_keypoint_attention([block], NAMES),
    ):
        assert picture.dtype == np.uint8
        assert picture.ndim == picture.shape[-1] == 3
        assert picture.std() > 10


def test_relations_to_others_span_the_colours():
    assert np.isclose(keypoint_matrices._highest(np.array([[9, 0.1], [0.2, 9]])), 0.2)


@pytest.mark.parametrize(('views', 'lines'), [(1, []), (3, [2, 4])])
def test_lines_part_the_keypoints_of_views(monkeypatch, views, lines):
    count = 2 * views
    rows = torch.rand(1, count, count + 4)
    block = KeypointAttention(0, rows, torch.zeros(1, 4).long())
    drawn = []
    monkeypatch.setattr(
        keypoint_matrices, '_draw', lambda *args: drawn.append(args) or np.zeros(1)
    )
    names = [f'name {number}' for number in range(count)]
    draw_keypoint_attention([block], names, of_a_view=2)
    assert list(drawn[0][3]) == lines


def test_lines_are_drawn_and_many_names_take_more_room():
    block = KeypointAttention(0, torch.zeros(1, 60, 60), torch.zeros(1, 0).long())
    names = ['x'] * 60
    plain = draw_keypoint_attention([block], names)
    parted = draw_keypoint_attention([block], names, of_a_view=30)
    assert plain.shape == parted.shape
    assert plain.shape[1] >= 60 * 14
    white = [(picture == 255).all(axis=2).mean(axis=1) for picture in (plain, parted)]
    assert (white[1] - white[0] > 0.3).sum() in (1, 2, 3)
