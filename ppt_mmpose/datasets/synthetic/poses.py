"""Random poses that people take: standing, walking, sitting, reaching, sport.

Each family is a function of a random generator that states what is characteristic in
degrees; everything else varies around rest, and all angles end within their limits.
"""

from typing import Callable, Dict, Tuple

import numpy as np

from .skeleton import NAMES, Array, Pose

Angles = Dict[str, Tuple[float, float, float]]

# Standard deviation around what a family states, degrees.
VARIATION = np.array(
    [
        (6.0, 6.0, 10.0) if name in ('pelvis', 'chest') else
        (8.0, 12.0, 25.0) if name == 'head' else
        (10.0, 14.0, 18.0) if name.endswith(('upper_arm', 'forearm')) else
        (7.0, 8.0, 10.0)
        for name in NAMES
    ]
)  # fmt: skip


def standing(rng: np.random.Generator) -> Pose:
    """Upright, weight on both legs or one, arms anywhere low."""
    rest = rng.uniform(0, 25)
    angles: Angles = {
        'left_thigh': (6, 3, 8),
        'right_thigh': (6, rest * 0.6, 8),
        'right_shin': (0, rest, 0),
        'left_shin': (0, 4, 0),
        **_arms(rng),
    }
    return _varied(rng, angles, 0.7)


def walking(rng: np.random.Generator) -> Pose:
    """A moment of a walk or a run."""
    return stride(rng.uniform(0, 2 * np.pi), rng.uniform(0.5, 1.6), rng)


def stride(phase: float, vigour: float, rng: np.random.Generator) -> Pose:
    """A moment of a walk, as it repeats over ``phase``.

    Args:
        phase: radians; the left leg leads at pi / 2.
        vigour: 1 is a brisk walk, 1.6 a run.
        rng: of the variation around it.
    """
    angles: Angles = {'chest': (0, 4 * vigour**2, 6 * np.sin(phase))}
    for side, sign in (('left', 1), ('right', -1)):
        swing = sign * np.sin(phase)
        lifted = max(0.0, sign * np.cos(phase))
        angles[f'{side}_thigh'] = (3, 8 * vigour + 26 * vigour * swing, 3)
        angles[f'{side}_shin'] = (0, 8 + 50 * vigour * lifted + 8 * vigour, 0)
        angles[f'{side}_foot'] = (0, 8 * swing, 0)
        angles[f'{side}_upper_arm'] = (8, -28 * vigour * swing, -5)
        angles[f'{side}_forearm'] = (0, 15 + 45 * (vigour - 0.5), 0)
    return _varied(rng, angles, 0.5)


def sitting(rng: np.random.Generator) -> Pose:
    """On a seat (which the scene may draw), or low as on the ground."""
    depth = rng.uniform(75, 110)
    spread = rng.uniform(0, 25)
    angles: Angles = {
        'pelvis': (0, -8, 0),
        'chest': (0, rng.uniform(-5, 35), 0),
        'left_thigh': (spread, depth, rng.uniform(-10, 25)),
        'right_thigh': (spread, depth, rng.uniform(-10, 25)),
        'left_shin': (0, rng.uniform(45, 110), 0),
        'right_shin': (0, rng.uniform(45, 110), 0),
        **_arms(rng),
    }
    return _varied(rng, angles, 0.8)


def reaching(rng: np.random.Generator) -> Pose:
    """One arm far up, to the side or down, the body following."""
    up = rng.uniform() < 0.65
    flexion = rng.uniform(90, 170) if up else rng.uniform(20, 80)
    bend = 0.0 if up else rng.uniform(20, 70)
    crouch = 0.0 if up else rng.uniform(0, 60)
    angles: Angles = {
        'chest': (rng.uniform(-20, 5), bend, -15),
        'right_upper_arm': (rng.uniform(-5, 60), flexion, 0),
        'right_forearm': (0, rng.uniform(0, 40), 0),
        'left_upper_arm': (15, rng.uniform(-20, 50), -10),
        'left_forearm': (0, rng.uniform(5, 100), 0),
        'left_thigh': (8, crouch, 5),
        'right_thigh': (8, crouch + 10, 5),
        'left_shin': (0, crouch * 1.4, 0),
        'right_shin': (0, crouch * 1.4 + 5, 0),
    }
    return _varied(rng, angles, 1.0)


def sport(rng: np.random.Generator) -> Pose:
    """A kick, a lunge, a squat, a jump or a throw."""
    moves = (_kick, _lunge, _squat, _jump, _throw)
    return moves[rng.integers(len(moves))](rng)


def _kick(rng: np.random.Generator) -> Pose:
    height = rng.uniform(40, 110)
    angles: Angles = {
        'pelvis': (0, -height / 8, 0),
        'chest': (0, 10, 15),
        'right_thigh': (rng.uniform(0, 35), height, 5),
        'right_shin': (0, rng.uniform(0, 45), 0),
        'right_foot': (0, -30, 0),
        'left_thigh': (3, 0, 10),
        'left_shin': (0, 15, 0),
        'left_upper_arm': (45, 40, -20),
        'right_upper_arm': (50, -30, 0),
        'left_forearm': (0, 45, 0),
        'right_forearm': (0, 30, 0),
    }
    return _varied(rng, angles, 1.0)


def _lunge(rng: np.random.Generator) -> Pose:
    depth = rng.uniform(40, 95)
    angles: Angles = {
        'chest': (0, rng.uniform(0, 35), rng.uniform(-30, 30)),
        'right_thigh': (8, depth, 10),
        'right_shin': (0, depth, 0),
        'left_thigh': (8, -20, 5),
        'left_shin': (0, depth * 0.4, 0),
        **_arms(rng, high=0.5),
    }
    return _varied(rng, angles, 1.0)


def _squat(rng: np.random.Generator) -> Pose:
    depth = rng.uniform(50, 115)
    angles: Angles = {
        'pelvis': (0, depth * 0.15, 0),
        'chest': (0, depth * 0.25, 0),
        'left_thigh': (20, depth, 25),
        'right_thigh': (20, depth, 25),
        'left_shin': (0, depth * 1.1, 0),
        'right_shin': (0, depth * 1.1, 0),
        'left_foot': (0, 20, 0),
        'right_foot': (0, 20, 0),
        **_arms(rng, high=0.5),
    }
    return _varied(rng, angles, 0.9)


def _jump(rng: np.random.Generator) -> Pose:
    tuck = rng.uniform(0, 60)
    spread = rng.uniform(5, 40)
    angles: Angles = {
        'left_thigh': (spread, tuck, 10),
        'right_thigh': (spread, tuck, 10),
        'left_shin': (0, tuck * 1.3 + 10, 0),
        'right_shin': (0, tuck * 1.3 + 10, 0),
        'left_foot': (0, -30, 0),
        'right_foot': (0, -30, 0),
        'left_upper_arm': (rng.uniform(30, 150), 20, 0),
        'right_upper_arm': (rng.uniform(30, 150), 20, 0),
        'left_forearm': (0, 25, 0),
        'right_forearm': (0, 25, 0),
    }
    return _varied(rng, angles, 1.2, lift=rng.uniform(0.1, 0.5))


def _throw(rng: np.random.Generator) -> Pose:
    angles: Angles = {
        'chest': (-10, rng.uniform(-15, 25), rng.uniform(-35, 35)),
        'right_upper_arm': (rng.uniform(60, 140), rng.uniform(-20, 40), 50),
        'right_forearm': (0, rng.uniform(20, 110), 0),
        'left_upper_arm': (50, rng.uniform(20, 90), -10),
        'left_forearm': (0, rng.uniform(5, 60), 0),
        'left_thigh': (10, rng.uniform(10, 50), 10),
        'left_shin': (0, rng.uniform(10, 50), 0),
        'right_thigh': (12, -15, 15),
        'right_shin': (0, 20, 0),
    }
    return _varied(rng, angles, 1.0)


FAMILIES: Dict[str, Callable[[np.random.Generator], Pose]] = {
    'standing': standing,
    'walking': walking,
    'sitting': sitting,
    'reaching': reaching,
    'sport': sport,
}
SHARES = np.array([0.3, 0.25, 0.15, 0.15, 0.15])


def random_pose(rng: np.random.Generator) -> Tuple[str, Pose]:
    """A family's name, and a pose of it."""
    name = list(FAMILIES)[rng.choice(len(FAMILIES), p=SHARES)]
    return name, FAMILIES[name](rng)


def _arms(rng: np.random.Generator, high: float = 0.1) -> Angles:
    """Hanging, on the hips, bent in front as with a phone, or up."""
    angles: Angles = {}
    for side in ('left', 'right'):
        kind = rng.uniform()
        if kind < high:
            upper, fore = (rng.uniform(40, 150), rng.uniform(0, 60), 0.0), 50.0
        elif kind < high + 0.35:
            upper, fore = (8.0, rng.uniform(-10, 15), 0.0), rng.uniform(5, 30)
        elif kind < high + 0.5:
            upper, fore = (48.0, -20.0, -50.0), rng.uniform(85, 110)
        else:
            upper, fore = (12.0, rng.uniform(5, 60), -25.0), rng.uniform(40, 125)
        angles[f'{side}_upper_arm'] = upper
        angles[f'{side}_forearm'] = (0, fore, rng.uniform(-20, 20))
    return angles


def _varied(
    rng: np.random.Generator, angles: Angles, amount: float, *, lift: float = 0.0
) -> Pose:
    """What is stated, varied; mirrored half of the time."""
    stated: Array = np.array([angles.get(name, (0.0, 0.0, 0.0)) for name in NAMES])
    noise = rng.standard_normal(stated.shape) * VARIATION * amount
    pose = Pose(stated + noise, lift).limited()
    return pose.mirrored() if rng.uniform() < 0.5 else pose
