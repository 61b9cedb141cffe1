import math

import pytest
import torch
from mmpose.registry import MODELS

from ppt_mmpose.models import AttentionGuide
from ppt_mmpose.tokens import KeypointAttention

GRID = (2, 2)


def heatmaps(*peaks):
    """One sample: the whole of each keypoint's target is in one patch of 2 x 2."""
    maps = torch.zeros(1, len(peaks), 4, 4)
    for keypoint, patch in enumerate(peaks):
        row, column = divmod(patch, 2)
        maps[0, keypoint, 2 * row, 2 * column + 1] = 1
    return maps


def seen(rows, source=(0, 1, 2, 3)):
    return KeypointAttention(1, torch.tensor([rows]), torch.tensor([source]))


def test_the_value_is_the_cross_entropy_with_the_patch_of_the_joint():
    # Columns: two keypoints, four patches.
    rows = [[0.1, 0.1, 0.2, 0.1, 0.3, 0.2], [0.0, 0.2, 0.1, 0.1, 0.1, 0.5]]
    guide = AttentionGuide([1], loss_weight=2)
    loss = guide([seen(rows)], heatmaps(2, 3), torch.ones(1, 2), grid=GRID)
    assert loss.item() == pytest.approx(-(math.log(0.3) + math.log(0.5)), rel=1e-4)


def test_unlabelled_keypoints_do_not_count():
    rows = [[0.1, 0.1, 0.2, 0.1, 0.3, 0.2], [0.0, 0.2, 0.1, 0.1, 0.1, 0.5]]
    weights = torch.tensor([[1.0, 0.0]])
    loss = AttentionGuide([1])([seen(rows)], heatmaps(2, 3), weights, grid=GRID)
    assert loss.item() == pytest.approx(-math.log(0.3) / 2, rel=1e-4)


def test_after_a_pruning_columns_are_traced_to_their_patches():
    rows = [[0.2, 0.6, 0.2]]
    loss = AttentionGuide([1])(
        [seen(rows, source=(3, 0))], heatmaps(3), torch.ones(1, 1), grid=GRID
    )
    assert loss.item() == pytest.approx(-math.log(0.6), rel=1e-4)
    # The patch of the joint is gone: there is nothing to compare.
    loss = AttentionGuide([1])(
        [seen(rows, source=(1, 0))], heatmaps(3), torch.ones(1, 1), grid=GRID
    )
    assert loss.item() == 0


def test_the_mean_is_over_blocks():
    one, other = seen([[0.5, 0.25, 0.1, 0.1, 0.05]]), seen([[0.5, 0.5, 0.0, 0.0, 0.0]])
    loss = AttentionGuide([0, 1])(
        [one, other], heatmaps(0), torch.ones(1, 1), grid=GRID
    )
    assert loss.item() == pytest.approx(-math.log(0.25 * 0.5) / 2, rel=1e-4)


def test_in_all_views_alike_where_they_are_seen_together():
    # One keypoint; its joint is in patch 2 of view 0 and in patch 1 of view 1, of which
    # patches 2, 3 and 1, 0 were kept. Columns: two keypoint tokens, two patches each.
    row = [0.1, 0.1, 0.3, 0.1, 0.3, 0.1], [0.2, 0.2, 0.2, 0.1, 0.25, 0.05]
    both = KeypointAttention(3, torch.tensor([row]), torch.tensor([[2, 3, 5, 4]]))
    targets = torch.cat([heatmaps(2), heatmaps(1)])
    arguments = dict(grid=GRID, places=torch.tensor([[0, 1]]))
    guide = AttentionGuide([3])
    loss = guide([both], targets, torch.ones(2, 1), **arguments)
    first, second = (math.log(0.3) + math.log(0.3)) / 2, math.log(0.2 * 0.25) / 2
    assert loss.item() == pytest.approx(-(first + second) / 2, rel=1e-4)
    # Without a label in view 1, its token is told nothing, and the other of view 0.
    loss = guide([both], targets, torch.tensor([[1.0], [0.0]]), **arguments)
    assert loss.item() == pytest.approx(-math.log(0.3) / 2, rel=1e-4)


def test_a_missing_view_is_not_looked_at():
    row = [0.1, 0.1, 0.3, 0.1, 0.3, 0.1], [0.2, 0.2, 0.2, 0.1, 0.25, 0.05]
    seen = KeypointAttention(
        3, torch.tensor([row, row]), torch.tensor([[2, 3, 5, 4]] * 2)
    )
    targets = torch.cat([heatmaps(2), heatmaps(1), heatmaps(2)])
    loss = AttentionGuide([3])(
        [seen],
        targets,
        torch.ones(3, 1),
        grid=GRID,
        places=torch.tensor([[0, 1], [2, -1]]),
    )
    first, second = (math.log(0.3) + math.log(0.3)) / 2, math.log(0.2 * 0.25) / 2
    # Every view that is there counts the same.
    expected = -(first + second + math.log(0.3)) / 3
    assert loss.item() == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ('arguments', 'name'),
    [(dict(blocks=[]), 'blocks'), (dict(blocks=[1], loss_weight=0), 'loss_weight')],
)
def test_settings_without_effect_are_refused(arguments, name):
    with pytest.raises(ValueError, match=f'{name}: expected'):
        AttentionGuide(**arguments)


def test_it_is_registered():
    guide = MODELS.build(dict(type='AttentionGuide', blocks=[1, 2]))
    assert guide.blocks == (1, 2)
