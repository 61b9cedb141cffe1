import numpy as np
import pytest

from ppt_mmpose.datasets.synthetic.sequences.keyframes import SHORTEST, Keyframes

START = np.zeros((2, 3))
THERE = np.array([[40.0, 0, 0], [0, -10, 0]])


def test_poses_are_met_and_nothing_is_overshot():
    keys = Keyframes(START)
    keys.hold(0.5)
    keys.reach(THERE, rate=80)
    assert keys.now == pytest.approx(0.5 + 40 / 80)
    keys.hold(1)
    np.testing.assert_array_equal(keys.last, THERE)
    times = np.linspace(0, 3, 301)
    angles = keys.at(times)
    assert (angles[times <= 0.5] == START).all()
    np.testing.assert_allclose(angles[times >= 1.0], THERE + 0 * angles[times >= 1.0])
    assert angles.min() == -10
    assert angles.max() == 40
    # It starts and arrives without speed.
    speed = np.abs(np.diff(angles[:, 0, 0])) / 0.01
    assert speed[47:51].max() < 15
    assert speed[99:103].max() < 15
    assert speed.max() == pytest.approx(1.5 * 80, rel=0.02)


def test_nothing_is_faster_than_the_shortest_time():
    keys = Keyframes(START)
    keys.reach(THERE, rate=1e6)
    assert keys.now == SHORTEST
