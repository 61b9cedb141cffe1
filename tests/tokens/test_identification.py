import pytest
import torch

from ppt_mmpose.tokens import human_token_scores, keep_highest


def test_mean_over_heads_sum_over_keypoints():
    # One sample, 2 heads, 2 keypoints, 2 keypoint and 3 visual columns.
    attention = torch.tensor(
        [
            [
                [[9, 9, 0.1, 0.2, 0.3], [9, 9, 0.1, 0.0, 0.5]],
                [[9, 9, 0.3, 0.2, 0.1], [9, 9, 0.3, 0.0, 0.1]],
            ]
        ]
    )
    scores = human_token_scores(attention)
    assert scores.tolist() == [pytest.approx([0.4, 0.2, 0.5])]


def test_kept_in_descending_order():
    scores = torch.tensor([[0.1, 0.9, 0.5], [0.3, 0.2, 0.4]])
    assert keep_highest(scores, 2).tolist() == [[1, 2], [2, 0]]


def test_ties_go_to_the_first():
    assert keep_highest(torch.ones(1, 300), 5).tolist() == [[0, 1, 2, 3, 4]]


@pytest.mark.parametrize('count', [0, 4])
def test_count_must_fit(count):
    with pytest.raises(ValueError, match='count: expected 1 to 3'):
        keep_highest(torch.ones(1, 3), count)
