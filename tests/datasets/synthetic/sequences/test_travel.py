import numpy as np
import pytest

from ppt_mmpose.datasets.synthetic.sequences.track import Track
from ppt_mmpose.datasets.synthetic.sequences.travel import (
    GRAVITY,
    pelvis_heights,
    soles,
    steps_of,
    turned,
    wander,
)
from ppt_mmpose.datasets.synthetic.skeleton import NAMES, Pose, place

FPS = 50
NEVER = np.zeros(60, bool)


def track(*, stepping=0.0, bearing=(0.5, 0.5), roams=False, aloft=NEVER):
    return Track(
        angles=np.zeros((60, len(NAMES), 3)),
        heading=np.zeros(60),
        stepping=np.full(60, stepping),
        bearing=np.tile(bearing, (60, 1)),
        roams=roams,
        aloft=aloft,
        sits=NEVER,
    )


def upright(frames=60):
    return place(
        Pose(np.zeros((frames, len(NAMES), 3)), np.zeros(frames)),
        stature=1.7,
        position=np.zeros((frames, 2)),
        heading=np.zeros(frames),
    )


def test_turning_is_about_the_vertical():
    points = np.array([[[1.0, 0, 5]], [[1.0, 0, 5]]])
    found = turned(points, np.array([0, np.pi / 2]))
    np.testing.assert_allclose(found[:, 0], [[1, 0, 5], [0, 1, 5]], atol=1e-12)


def test_soles_are_heels_and_toes_below_the_pelvis():
    feet = soles(upright(2), 1.7)
    assert feet.shape == (2, 4, 3)
    # Heel behind the ankle, toe before it; left, then right.
    np.testing.assert_allclose(feet[0, :, 0], [-0.045, 0.15, -0.045, 0.15])
    np.testing.assert_allclose(feet[0, :, 1], 0.055 * 1.7 * np.array([1, 1, -1, -1]))
    np.testing.assert_allclose(feet[0, :, 2], -(0.245 + 0.238 + 0.045) * 1.7)


def test_a_body_stands_on_the_ground():
    body = upright()
    heights = pelvis_heights(body, soles(body, 1.7), NEVER, FPS)
    np.testing.assert_allclose(heights, 0.528 * 1.7)


def test_a_thrown_body_falls_as_gravity_has_it():
    body = upright()
    aloft = NEVER.copy()
    aloft[20:39] = True  # 19 frames, and half of what is beside them
    heights = pelvis_heights(body, soles(body, 1.7), aloft, FPS) - 0.528 * 1.7
    seconds = 20 / FPS
    assert heights.max() == pytest.approx(GRAVITY * seconds**2 / 8, abs=0.02)
    assert heights.argmax() == 29
    second = np.diff(heights[26:33], 2) * FPS**2
    np.testing.assert_allclose(second, -GRAVITY, rtol=1e-6)


def test_the_body_goes_where_the_foot_that_bears_it_does_not():
    feet = np.zeros((60, 4, 3))
    feet[..., 2] = [-0.9, -0.9, -0.6, -0.6]
    # The left foot goes back by 2 cm a frame, the right one, in the air, forward.
    feet[:, :2, 0] = -0.02 * np.arange(60)[:, None]
    feet[:, 2:, 0] = 0.05 * np.arange(60)[:, None]
    steps = steps_of(feet, np.zeros(60), track(), FPS)
    np.testing.assert_allclose(steps, np.tile((0.02, 0), (59, 1)), atol=1e-9)
    steps = steps_of(feet, np.full(60, np.pi / 2), track(), FPS)
    np.testing.assert_allclose(steps, np.tile((0, 0.02), (59, 1)), atol=1e-9)


def test_who_steps_is_borne_as_the_gait_has_it():
    feet = np.zeros((60, 4, 3))
    feet[..., 2] = [-0.9, -0.9, -0.89, -0.8]
    feet[:, :2, 0] = -0.02 * np.arange(60)[:, None]
    feet[:, 2, 0] = -0.01 * np.arange(60)  # the heel; the toe is higher, and goes on
    feet[:, 3, 0] = 0.05 * np.arange(60)
    for bearing, step in (((1, 0), 0.02), ((0, 1), 0.01), ((0.5, 0.5), 0.015)):
        steps_taken = steps_of(
            feet, np.zeros(60), track(stepping=1, bearing=bearing), FPS
        )
        np.testing.assert_allclose(steps_taken, np.tile((step, 0), (59, 1)), atol=1e-6)


def test_who_roams_turns_about_itself():
    feet = np.zeros((60, 4, 3))
    feet[:, :, :2] = (0.3, 0.1)
    steps = steps_of(feet, np.linspace(0, 1, 60), track(roams=True), FPS)
    np.testing.assert_allclose(steps, 0, atol=1e-12)


def test_a_turn_is_about_the_foot_that_bears():
    feet = np.zeros((60, 4, 3))
    feet[:, :, 1] = [0.1, 0.1, -0.1, -0.1]
    feet[..., 2] = [-0.9, -0.9, -0.6, -0.6]
    heading = np.linspace(0, 0.5, 60)
    steps = steps_of(feet, heading, track(), FPS).sum(0)
    ends = turned(feet[[0, -1]], heading[[0, -1]])[:, 0, :2]
    np.testing.assert_allclose(steps, ends[0] - ends[1], atol=1e-4)


def test_in_the_air_the_speed_stays():
    feet = np.zeros((60, 4, 3))
    feet[:, :, 0] = -0.02 * np.arange(60)[:, None]
    aloft = NEVER.copy()
    aloft[30:35] = True
    feet[30:35, :, 0] += 0.7  # what feet do meanwhile is nothing to it
    steps = steps_of(feet, np.zeros(60), track(aloft=aloft), FPS)
    np.testing.assert_allclose(steps, np.tile((0.02, 0), (59, 1)), atol=1e-9)


def test_wanderers_stay_near_and_those_who_stand_do_not_turn():
    steps = np.tile((0.025, 0.0), (2999, 1))
    heading = wander(np.random.default_rng(0), steps, np.ones(3000), reach=1.0, fps=FPS)
    assert heading.shape == (3000,)
    way = np.cumsum(0.025 * np.stack((np.cos(heading), np.sin(heading)), 1), 0)
    way -= (way.min(0) + way.max(0)) / 2
    assert 0.5 < np.linalg.norm(way, axis=1).max() < 2.5
    assert np.abs(np.diff(heading)).max() * FPS < 0.9 + 0.6 * 0.025 * FPS + 1e-9
    stays = wander(
        np.random.default_rng(0), 0 * steps, np.zeros(3000), reach=1.0, fps=FPS
    )
    assert np.ptp(stays) == 0
