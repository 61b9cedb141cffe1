import numpy as np
import pytest

from ppt_mmpose.datasets.synthetic.poses import FAMILIES
from ppt_mmpose.datasets.synthetic.skeleton import (
    LIMITS,
    NAMES,
    SEGMENTS,
    SOLE,
    Pose,
    place,
)

SIDES = dict(left='right', right='left')
REST = Pose(np.zeros((len(NAMES), 3)))


def bent(**degrees):
    """Upright but for the named segments (abduction, flexion, rotation)."""
    angles = REST.angles.copy()
    for name, values in degrees.items():
        angles[NAMES.index(name)] = values
    return Pose(angles)


def stand(pose, heading=0.0):
    return place(pose, stature=1.7, position=np.zeros(2), heading=heading)


def test_an_upright_body_stands_on_the_ground_and_is_as_tall_as_stated():
    frames = stand(REST)
    assert frames.origins['left_foot'][2] == pytest.approx(SOLE * 1.7)
    # The crown is 0.2 m above the joint of the head, see the sculptor.
    assert frames.origins['head'][2] + 0.2 == pytest.approx(1.7, abs=0.08)
    assert frames.origins['left_upper_arm'][1] > 0 > frames.origins['right_thigh'][1]


@pytest.mark.parametrize(
    ('bend', 'segment', 'direction'),
    [
        (dict(left_upper_arm=(0, 90, 0)), 'left_forearm', (1, 0, 0)),
        (dict(left_upper_arm=(90, 0, 0)), 'left_forearm', (0, 1, 0)),
        (dict(right_upper_arm=(90, 0, 0)), 'right_forearm', (0, -1, 0)),
        (dict(right_forearm=(0, 90, 0)), 'right_hand', (1, 0, 0)),
        (dict(left_thigh=(0, 90, 0)), 'left_shin', (1, 0, 0)),
        (dict(left_shin=(0, 90, 0)), 'left_foot', (-1, 0, 0)),
    ],
)
def test_angles_mean_what_anatomy_calls_them(bend, segment, direction):
    frames = stand(bent(**bend))
    bone = frames.origins[segment] - frames.origins[SEGMENTS[segment].parent]
    np.testing.assert_allclose(bone / np.linalg.norm(bone), direction, atol=1e-9)


def test_heading_turns_the_whole_body():
    frames = stand(bent(left_upper_arm=(0, 90, 0)), heading=np.pi / 2)
    arm = frames.origins['left_forearm'] - frames.origins['left_upper_arm']
    np.testing.assert_allclose(arm / np.linalg.norm(arm), (0, 1, 0), atol=1e-9)


def test_mirroring_exchanges_the_sides():
    pose = FAMILIES['sport'](np.random.default_rng(3))
    one, other = stand(pose), stand(pose.mirrored())
    for name in NAMES:
        side, _, rest = name.partition('_')
        mirrored = f'{SIDES[side]}_{rest}' if rest else name
        np.testing.assert_allclose(
            one.origins[name] * (1, -1, 1), other.origins[mirrored], atol=1e-9
        )


@pytest.mark.parametrize('family', FAMILIES)
def test_poses_stay_within_the_limits_of_anatomy(family):
    rng = np.random.default_rng(0)
    poses = np.stack([FAMILIES[family](rng).angles for _ in range(200)])
    assert (poses >= LIMITS[..., 0]).all()
    assert (poses <= LIMITS[..., 1]).all()
    # They are not all the same, nor all at their limits.
    assert np.median(poses.std(0)) > 3


def test_bones_keep_their_length():
    rng = np.random.default_rng(0)
    for family in FAMILIES.values():
        frames = stand(family(rng))
        for name, segment in SEGMENTS.items():
            if segment.parent:
                bone = frames.origins[name] - frames.origins[segment.parent]
                expected = np.linalg.norm(segment.offset) * 1.7
                assert np.linalg.norm(bone) == pytest.approx(expected)


def test_many_instants_are_placed_as_each_alone():
    rng = np.random.default_rng(0)
    poses = [family(rng) for family in FAMILIES.values()]
    angles = np.stack([pose.angles for pose in poses])
    lift, heading = rng.uniform(0, 1, (2, len(poses)))
    position = rng.standard_normal((len(poses), 2))
    many = place(Pose(angles, lift), stature=1.6, position=position, heading=heading)
    for index, pose in enumerate(poses):
        one = place(
            Pose(pose.angles, lift[index]),
            stature=1.6,
            position=position[index],
            heading=heading[index],
        )
        for name in NAMES:
            for few, all_ in ((one.origins, many.origins), (one.axes, many.axes)):
                np.testing.assert_allclose(few[name], all_[name][index], atol=1e-12)
        np.testing.assert_allclose(
            one.point('head', (0.1, 0, 0.2)),
            many.point('head', (0.1, 0, 0.2))[index],
            atol=1e-12,
        )
    mirrored = Pose(angles, lift).mirrored()
    for index, pose in enumerate(poses):
        np.testing.assert_array_equal(mirrored.angles[index], pose.mirrored().angles)
