"""MMPose's numbers, without numpy."""

import numpy as np
import pytest
import torch
from mmpose.evaluation.functional import pose_pck_accuracy

from ppt_mmpose.evaluation import heatmap_pck


def theirs(output, target, visible, **options):
    arrays = [tensor.numpy() for tensor in (output, target, visible)]
    return pose_pck_accuracy(*arrays, **options)[1]


def single(column, row, size):
    """A heatmap ``(1, 1, height, width)`` with one positive value."""
    heatmap = torch.zeros(1, 1, *size)
    heatmap[0, 0, row, column] = 1
    return heatmap


@pytest.mark.parametrize('size', [(64, 48), (20, 20), (7, 31)])
@pytest.mark.parametrize('ties', [False, True])
def test_equals_mmposes(size, ties):
    generator = torch.Generator().manual_seed(0)

    def heatmaps():
        values = torch.rand(4, 9, *size, generator=generator)
        if ties:
            # A handful of maxima, and heatmaps without any.
            values = (values > 1 - 2 / (size[0] * size[1])).float()
        sign = torch.rand(4, 9, 1, 1, generator=generator) < 0.2
        return torch.where(sign, -values, values)

    seen = set()
    for chance in (0, 0.1, 0.5, 1):
        target = heatmaps()
        moved = target.roll((1, 2), (2, 3))
        near = torch.rand(4, 9, 1, 1, generator=generator) < 0.6
        output = torch.where(near, moved, heatmaps())
        visible = torch.rand(4, 9, generator=generator) < chance
        for threshold in (0.05, 0.2, 0.5):
            ours = heatmap_pck(output, target, visible, threshold=threshold)
            expected = theirs(output, target, visible, thr=threshold)
            assert ours.item() == pytest.approx(expected, abs=1e-12)
            seen.add(round(ours.item(), 6))
    assert len(seen) > 4


def test_by_hand():
    # Of the first joint two of three are close, of the second none of one is seen
    # close; the third is never seen.
    target = single(5, 5, (20, 20)).repeat(3, 3, 1, 1)
    output = target.clone()
    output[2, 0] = single(9, 5, (20, 20))
    output[0, 1] = single(9, 5, (20, 20))
    visible = torch.tensor([[1, 1, 0], [1, 0, 0], [1, 0, 0]]).bool()
    assert heatmap_pck(output, target, visible).item() == pytest.approx((2 / 3 + 0) / 2)


@pytest.mark.parametrize('size', [(20, 20), (40, 20), (20, 40)])
def test_at_the_threshold_and_along_either_side(size):
    target = single(5, 5, size)
    for column, row in ((6, 5), (5, 6), (7, 5), (5, 7)):
        output = single(column, row, size)
        visible = torch.ones(1, 1, dtype=torch.bool)
        ours = heatmap_pck(output, target, visible).item()
        assert ours == theirs(output, target, visible), (column, row)


def test_nothing_visible_is_zero():
    heatmaps = torch.rand(2, 3, 8, 6)
    visible = torch.zeros(2, 3, dtype=torch.bool)
    assert heatmap_pck(heatmaps, heatmaps, visible).item() == 0
    assert theirs(heatmaps, heatmaps, visible) == 0


def test_not_a_number_is_where_mmpose_has_it():
    output, target = torch.rand(1, 2, 8, 6), torch.rand(1, 2, 8, 6)
    output[0, 0, 3, 4] = np.nan
    target[0, 0] = single(4, 3, (8, 6))
    visible = torch.ones(1, 2, dtype=torch.bool)
    ours = heatmap_pck(output, target, visible).item()
    assert ours == theirs(output, target, visible) == 0.5


def test_needs_no_values_on_the_host():
    # Tensors of the meta device have none: whoever asks for one gets an error.
    heatmaps = torch.rand(2, 3, 8, 6, device='meta', requires_grad=True)
    visible = torch.ones(2, 3, dtype=torch.bool, device='meta')
    found = heatmap_pck(heatmaps, heatmaps, visible)
    assert found.shape == ()
    assert not found.requires_grad
