import numpy as np
import pytest

from ppt_mmpose.datasets.synthetic.sequences.actions import ACTIONS, HIGHEST_JUMP
from ppt_mmpose.datasets.synthetic.skeleton import NAMES

TIMES = np.arange(400) / 50


@pytest.mark.parametrize('action', ACTIONS)
def test_tracks_are_whole(action):
    track = ACTIONS[action](np.random.default_rng(0), TIMES)
    assert track.angles.shape == (400, len(NAMES), 3)
    for name in ('heading', 'stepping', 'aloft', 'sits'):
        assert getattr(track, name).shape == (400,)
    assert track.bearing.shape == (400, 2)
    np.testing.assert_allclose(track.bearing.sum(1), 1)
    assert np.isfinite(track.angles).all()
    assert 0 <= track.stepping.min() <= track.stepping.max() <= 1
    assert track.roams == (action in ('Walking', 'Running', 'Strolling'))


@pytest.mark.parametrize('action', ACTIONS)
def test_file_names_can_hold_the_names(action):
    # MMPose takes names of pictures apart at these.
    assert not set('_.') & set(action)


def test_jumps_are_as_long_as_they_are_high():
    longest = 2 * np.sqrt(2 * HIGHEST_JUMP / 9.81)
    flights = []
    for seed in range(20):
        aloft = ACTIONS['Exercising'](np.random.default_rng(seed), TIMES).aloft
        edges = np.flatnonzero(np.diff(aloft.astype(int)))
        flights += [n / 50 for n in np.diff(edges)[::2]] if not aloft[0] else []
    flights = [seconds for seconds in flights if seconds < 0.7]
    assert flights
    assert max(flights) <= longest + 0.03


def test_strollers_pause():
    shares = [
        ACTIONS['Strolling'](np.random.default_rng(seed), TIMES).stepping
        for seed in range(5)
    ]
    assert 0.05 < (np.concatenate(shares) == 0).mean() < 0.6
    assert (np.concatenate(shares) == 1).mean() > 0.3
