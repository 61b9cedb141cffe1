import math

import pytest
import torch

from ppt_mmpose.tokens import sine_position_2d


def test_values_computed_by_hand():
    # 2 rows, 1 column, 8 channels: 4 for y, then 4 for x.
    table = sine_position_2d((2, 1), 8)
    assert table.shape == (1, 2, 8)
    angle = 1 / (2 + 1e-6) * 2 * math.pi
    slow = angle / 10000 ** (2 / 4)
    expected = [math.sin(angle), math.cos(angle), math.sin(slow), math.cos(slow)]
    assert table[0, 0, :4].tolist() == pytest.approx(expected, abs=1e-6)
    full = 2 * math.pi / (1 + 1e-6)
    assert table[0, 1, 4:6].tolist() == pytest.approx(
        [math.sin(full), math.cos(full)], abs=1e-6
    )


def test_rows_come_first():
    table = sine_position_2d((3, 2), 8)[0].reshape(3, 2, 8)
    assert torch.equal(table[1, 0, :4], table[1, 1, :4])
    assert torch.equal(table[0, 1, 4:], table[2, 1, 4:])


def test_channels_must_be_a_multiple_of_four():
    with pytest.raises(ValueError, match='channels: expected a multiple of 4, got 6'):
        sine_position_2d((2, 2), 6)
