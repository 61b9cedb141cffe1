import numpy as np
import pytest

from ppt_mmpose.motion_files import Recording
from ppt_mmpose.motion_files.other_programs import (
    DECIMALS,
    UNITS,
    file_to_world,
    words_of,
    world_to_file,
)


def test_there_and_back():
    point = np.array([1.0, 2, 3])
    np.testing.assert_array_equal(world_to_file('+z', 'cm') @ point, [100, 300, -200])
    np.testing.assert_array_equal(world_to_file(None, 'mm') @ point, point * 1000)
    for unit, scale in UNITS.items():
        assert scale * 1e-6 == pytest.approx(10.0 ** -DECIMALS[unit])
        for up in (None, '+z', '-x'):
            both = file_to_world(up, unit) @ world_to_file(up, unit)
            np.testing.assert_allclose(both, np.eye(3), atol=1e-15)
    with pytest.raises(ValueError, match="unit: expected one of m, cm, mm, got 'ft'"):
        world_to_file(None, 'ft')


def test_names_are_words():
    assert words_of(Recording((), ('a b', 'c')), 'BVH') == ['a_b', 'c']
    for names in (('a b', 'a_b'), ('a', ' ')):
        with pytest.raises(ValueError, match='keypoint_names: expected each once in X'):
            words_of(Recording((), names), 'X')
