import numpy as np
import pytest

from ppt_mmpose.visualization.floor import floor_lines


def test_lines_are_at_whole_numbers_of_tiles_on_the_lowest_side():
    lines, tile = floor_lines(np.array([-0.05, 0.0, 1.0]), np.array([0.15, 0.12, 3.0]))
    assert tile == 0.1
    along_x = [[[x, 0, 1], [x, 0.12, 1]] for x in (0, 0.1)]
    along_y = [[[-0.05, y, 1], [0.15, y, 1]] for y in (0, 0.1)]
    np.testing.assert_allclose(lines, along_x + along_y, atol=1e-12)


@pytest.mark.parametrize(('side', 'tile'), [(1.6, 0.1), (1.7, 0.25), (17, 2.5)])
def test_there_are_sixteen_tiles_at_most(side, tile):
    assert floor_lines(np.zeros(3), np.full(3, side))[1] == tile
    assert floor_lines(np.zeros(3), np.array([0.5, side, 9]))[1] == tile
