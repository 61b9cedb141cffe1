import numpy as np
import pytest

from ppt_mmpose.datasets.synthetic.sequences.actions import ACTIONS
from ppt_mmpose.datasets.synthetic.sequences.joints import joints_of
from ppt_mmpose.datasets.synthetic.sequences.motion import FASTEST, random_motion
from ppt_mmpose.datasets.synthetic.sequences.travel import soles
from ppt_mmpose.datasets.synthetic.skeleton import LIMITS

FPS, FRAMES = 50, 200
STATURES = (1.05, 1.7, 2.0)


@pytest.fixture(scope='module', params=ACTIONS)
def motions(request):
    """Its name, and some motions of an action with the statures of who moves."""
    return request.param, [
        (move(seed, request.param, STATURES[seed % 3]), STATURES[seed % 3])
        for seed in range(6)
    ]


def move(seed, action, stature, frames=FRAMES, fps=FPS):
    rng = np.random.default_rng(seed)
    return random_motion(
        rng, action, stature=stature, frames=frames, fps=fps, reach=1.4
    )


def speeds(joints, fps=FPS):
    """``(n - 1, 17)``, m/s."""
    return np.linalg.norm(np.diff(joints, axis=0), axis=-1) * fps


def test_nobody_is_faster_than_people_are(motions):
    for motion, stature in motions[1]:
        joints = joints_of(motion.frames(stature), stature)
        assert joints.shape == (FRAMES, 17, 3)
        assert speeds(joints).max() < FASTEST
        # Nor does anything jerk: throws of people reach some 100 m/s2.
        change = np.linalg.norm(np.diff(joints, 2, axis=0), axis=-1) * FPS**2
        assert change.max() < 150


def test_joints_stay_within_the_limits_of_anatomy(motions):
    for motion, _ in motions[1]:
        assert (motion.poses.angles >= LIMITS[..., 0] - 1e-9).all()
        assert (motion.poses.angles <= LIMITS[..., 1] + 1e-9).all()


def test_feet_neither_sink_nor_slide(motions):
    slips = []
    for motion, stature in motions[1]:
        frames = motion.frames(stature)
        feet = soles(frames, stature) + frames.origins['pelvis'][:, None]
        height = feet[..., 2].min(1)
        assert height.min() > -0.03
        slip = np.linalg.norm(np.diff(feet[..., :2], axis=0), axis=-1) * FPS
        slips.append(slip.min(1)[height[1:] < 0.02])
    # The part of the feet that moves least, while one is on the ground, m/s.
    most = dict(Walking=0.4, Strolling=0.4, Running=0.7).get(motions[0], 0.12)
    assert np.mean(np.concatenate(slips)) < most


def test_everybody_moves_and_frames_are_alike(motions):
    for motion, stature in motions[1]:
        joints = joints_of(motion.frames(stature), stature)
        around = joints - joints[:, :1]
        assert np.ptp(around, axis=0).max() > 0.1
        # Nothing is frozen, not even who stays.
        assert (speeds(joints).max(1) > 0).all()
        nearest = np.linalg.norm(np.diff(around, axis=0), axis=-1).mean()
        others = np.linalg.norm(around[: FRAMES // 2] - around[FRAMES // 2 :], axis=-1)
        assert nearest < 0.25 * max(others.mean(), 0.03)


def test_people_stay_near_the_middle(motions):
    for motion, _ in motions[1]:
        low, high = motion.position.min(0), motion.position.max(0)
        farthest = 2.6 if motions[0] == 'Running' else 2.2
        assert np.linalg.norm(motion.position, axis=1).max() < farthest
        assert (np.abs(low + high) / 2 <= 1.4 / np.sqrt(2)).all()


def test_walkers_walk_and_runners_run_and_look_where_they_go():
    for action, slowest, fastest in (('Walking', 0.8, 1.7), ('Running', 1.6, 3.2)):
        motion = move(1, action, 1.75)
        steps = np.diff(motion.position, axis=0)
        speed = np.linalg.norm(steps, axis=1) * FPS
        assert slowest < speed.mean() < fastest
        front = np.stack((np.cos(motion.heading), np.sin(motion.heading)), 1)[1:]
        ahead = (front * steps).sum(1) * FPS
        assert ahead.min() > 0.5 * speed.mean()
        assert ahead.sum() > 0.95 * speed.sum()


def test_runners_and_jumpers_leave_the_ground():
    for action, highest in (('Running', 0.35), ('Exercising', 0.6), ('Walking', 0.02)):
        heights = []
        for seed in range(8):
            motion = move(seed, action, 1.75, frames=300)
            frames = motion.frames(1.75)
            feet = soles(frames, 1.75) + frames.origins['pelvis'][:, None]
            heights.append(feet[..., 2].min(1).max())
        assert max(heights) < highest
        assert (max(heights) > 0.02) == (action != 'Walking')


def test_who_sits_is_low_and_rises_again():
    motion = move(0, 'Sitting', 1.75, frames=600)
    height = motion.frames(1.75).origins['pelvis'][:, 2]
    assert 0.1 < motion.sits.mean() < 0.9
    assert height[motion.sits].max() < 0.75
    assert height.max() > 0.88
    assert not any(move(0, name, 1.7).sits.any() for name in ACTIONS if name[0] != 'S')


def test_turners_turn():
    motion = move(0, 'Turning', 1.75, frames=400)
    assert np.ptp(motion.heading) > np.radians(60)
    assert np.ptp(move(0, 'Gesturing', 1.75).heading) == 0


def test_other_rates_show_the_same_kind_of_movement():
    for fps in (10, 25, 100):
        motion = move(3, 'Walking', 1.75, frames=4 * fps, fps=fps)
        joints = joints_of(motion.frames(1.75), 1.75)
        assert speeds(joints, fps).max() < FASTEST
        speed = np.linalg.norm(np.diff(motion.position, axis=0), axis=1) * fps
        assert 0.7 < speed.mean() < 1.7


def test_the_same_generator_gives_the_same_motion():
    one, same, other = (move(seed, 'Exercising', 1.7) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.poses.angles, same.poses.angles)
    np.testing.assert_array_equal(one.position, same.position)
    assert np.abs(one.poses.angles - other.poses.angles).max() > 10


def test_unknown_actions_are_refused():
    with pytest.raises(ValueError, match=r"^action: expected one of Walking, .*'Fly'$"):
        move(0, 'Fly', 1.7)
