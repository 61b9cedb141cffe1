import numpy as np
import pytest

from ppt_mmpose.datasets.synthetic.sequences.gait import (
    RUN,
    STEP,
    WALK,
    aloft,
    bearing,
    cycle_angles,
)
from ppt_mmpose.datasets.synthetic.skeleton import LIMITS, NAMES, Pose

PHASE = np.linspace(0, 1, 101)
THIGH, SHIN, ARM = (
    [NAMES.index(f'{side}_{name}') for side in ('left', 'right')]
    for name in ('thigh', 'shin', 'upper_arm')
)


@pytest.mark.parametrize('cycle', [WALK, RUN, STEP])
def test_cycles_repeat_within_the_limits_of_anatomy(cycle):
    angles = cycle_angles(cycle, PHASE)
    assert angles.shape == (101, len(NAMES), 3)
    np.testing.assert_allclose(angles[0], angles[-1], atol=1e-9)
    np.testing.assert_allclose(cycle_angles(cycle, PHASE + 3), angles, atol=1e-9)
    assert (angles >= LIMITS[..., 0] - 1e-9).all()
    assert (angles <= LIMITS[..., 1] + 1e-9).all()


@pytest.mark.parametrize('cycle', [WALK, RUN])
def test_half_a_cycle_later_the_other_side_does_the_same(cycle):
    one, other = cycle_angles(cycle, PHASE), cycle_angles(cycle, PHASE + 0.5)
    np.testing.assert_allclose(Pose(one).mirrored().angles, other, atol=1e-9)


def test_the_left_leg_leads_at_its_heel_strike_and_the_left_arm_does_not():
    angles = cycle_angles(WALK, PHASE)[0, :, 1]
    assert angles[THIGH[0]] == pytest.approx(22)
    assert angles[THIGH[1]] == pytest.approx(-18)
    assert angles[ARM[0]] == pytest.approx(-22)
    assert angles[ARM[1]] == pytest.approx(18)


def test_a_stretched_gait_swings_farther_about_the_same_middle():
    one, far = (cycle_angles(WALK, PHASE, stretch=s)[:-1, THIGH, 1] for s in (1, 1.5))
    assert np.ptp(far) == pytest.approx(1.5 * np.ptp(one))
    np.testing.assert_allclose(far.mean(0), one.mean(0), atol=0.01)


def test_only_runners_leave_the_ground():
    assert not aloft(WALK, PHASE).any()
    assert not aloft(STEP, PHASE).any()
    # Twice in a cycle, between the end of one stance at 0.38 and the next at 0.5.
    phase = np.array([0.2, 0.37, 0.39, 0.49, 0.51, 0.87, 0.89, 0.99, 1.01])
    expected = [False, False, True, True, False, False, True, True, False]
    assert aloft(RUN, phase).tolist() == expected


def test_feet_take_turns_to_bear_the_body():
    # The left foot takes over from 0 to 0.12 of the cycle, the right one from 0.5.
    phase = np.array([0, 0.06, 0.12, 0.4, 0.5, 0.56, 0.62, 0.9, 1.06])
    left = [0, 0.5, 1, 1, 1, 0.5, 0, 0, 0.5]
    found = bearing(WALK, phase)
    np.testing.assert_allclose(found[:, 0], left, atol=1e-9)
    np.testing.assert_allclose(found.sum(1), 1)
    assert bearing(RUN, np.array([0.2, 0.7])).tolist() == [[1, 0], [0, 1]]
