"""Movements of one person: what they do, one name each.

Each is a function of a random generator and of times (seconds). Poses come from
:mod:`..poses`; between them go :class:`.keyframes.Keyframes`, and steps come from
:mod:`.gait`. Nothing is perfectly still: a body that stays sways a little.
"""

from typing import Callable, Dict, List, Optional, Tuple

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from ..poses import reaching, sitting, sport, standing
from ..skeleton import NAMES, Array, Pose
from .gait import RUN, STEP, WALK, Cycle, aloft, bearing, cycle_angles
from .keyframes import Keyframes
from .track import Track
from .travel import GRAVITY

HIGHEST_JUMP = 0.3  # metres

_SIDES = ('left', 'right')
_LEGS = [NAMES.index(f'{s}_{n}') for s in _SIDES for n in ('thigh', 'shin', 'foot')]
_UPPER = [index for index, name in enumerate(NAMES) if index not in _LEGS and index]
_PELVIS = NAMES.index('pelvis')


def walking(rng: np.random.Generator, times: Array) -> Track:
    """On and on, from place to place."""
    return _roaming(rng, times, WALK, 1 / rng.uniform(1.0, 1.25), np.ones_like(times))


def running(rng: np.random.Generator, times: Array) -> Track:
    """A jog."""
    return _roaming(rng, times, RUN, 1 / rng.uniform(0.68, 0.8), np.ones_like(times))


def strolling(rng: np.random.Generator, times: Array) -> Track:
    """A walk with pauses, in which the person stands and looks round."""
    knots, shares = [0.0], [float(rng.uniform() < 0.5)]
    while knots[-1] < times[-1]:
        goes = shares[-1] == 1
        stay = rng.uniform(1.5, 4.0) if goes else rng.uniform(0.8, 2.5)
        knots += [knots[-1] + stay, knots[-1] + stay + 0.7]
        shares += [shares[-1], 1 - shares[-1]]
    goes_on = PchipInterpolator(knots, shares)(times)
    return _roaming(rng, times, WALK, 1 / rng.uniform(1.05, 1.35), goes_on)


def turning(rng: np.random.Generator, times: Array) -> Track:
    """Steps on the spot that turn the body, and pauses between them."""
    knots, headings, shares = [0.0], [0.0], [0.0]
    while knots[-1] < times[-1]:
        turn = np.radians(rng.uniform(60, 180)) * rng.choice((-1, 1))
        pause, lasting = rng.uniform(0.4, 1.5), abs(turn) / rng.uniform(1.2, 2.0) + 0.5
        ends = knots[-1] + pause + np.array((0, 0.3, lasting - 0.3, lasting))
        knots += ends.tolist()
        shares += [0, 1, 1, 0]
        headings += [headings[-1] + turn * share for share in (0, 0.12, 0.88, 1)]
    steps = PchipInterpolator(knots, shares)(times)
    heading = PchipInterpolator(knots, headings)(times)
    keys = Keyframes(_stand(rng))
    while keys.now < times[-1]:
        keys.reach(_upper_of(keys.last, standing(rng)), rate=rng.uniform(60, 140))
        keys.hold(rng.uniform(0.5, 2.0))
    phase = _phases(times, np.full_like(times, 1 / rng.uniform(0.85, 1.05)))
    angles = _mixed(keys.at(times), cycle_angles(STEP, phase), steps)
    return _track(
        angles, heading=heading, stepping=steps, feet_bear=bearing(STEP, phase)
    )


def gesturing(rng: np.random.Generator, times: Array) -> Track:
    """Stands and talks with the hands."""
    keys = Keyframes(_stand(rng))
    while keys.now < times[-1]:
        source = reaching(rng) if rng.uniform() < 0.3 else standing(rng)
        keys.reach(_upper_of(keys.last, source), rate=rng.uniform(90, 220))
        keys.hold(
            rng.choice((0.1, 0.4, 1.5), p=(0.4, 0.4, 0.2)) * rng.uniform(0.7, 1.3)
        )
    return _track(keys.at(times))


def reaching_out(rng: np.random.Generator, times: Array) -> Track:
    """Takes things from above, from beside and from below."""
    rest = _stand(rng)
    keys = Keyframes(rest)
    while keys.now < times[-1]:
        keys.hold(rng.uniform(0.2, 1.2))
        target = _level_legs(reaching(rng).angles, rest)
        keys.reach(target, rate=rng.uniform(80, 170))
        keys.hold(rng.uniform(0.1, 0.7))
        keys.reach(_upper_of(rest, standing(rng)), rate=rng.uniform(80, 150))
    return _track(keys.at(times))


def sitting_down(rng: np.random.Generator, times: Array) -> Track:
    """Stands, sits down, does something on the seat, stands up."""
    rest, seat = _stand(rng), _flat_feet(sitting(rng).angles)
    keys = Keyframes(rest)
    seated: List[Tuple[float, float]] = []
    while keys.now < times[-1]:
        keys.hold(rng.uniform(0.3, 1.5))
        keys.reach(_bowed(rest, seat), rate=rng.uniform(55, 80))
        keys.reach(seat, rate=rng.uniform(50, 80))
        begins = keys.now
        for _ in range(int(rng.integers(1, 5))):
            keys.reach(_upper_of(seat, sitting(rng)), rate=rng.uniform(60, 150))
            keys.hold(rng.uniform(0.2, 1.5))
        seated.append((begins, keys.now))
        keys.reach(_bowed(rest, keys.last), rate=rng.uniform(60, 90))
        keys.reach(rest, rate=rng.uniform(60, 90))
    sits = np.any([(times >= a) & (times <= b) for a, b in seated], axis=0)
    return _track(keys.at(times), sits=sits)


def exercising(rng: np.random.Generator, times: Array) -> Track:
    """Kicks, lunges, squats, jumps and throws."""
    rest = _stand(rng)
    keys = Keyframes(rest)
    flights: List[Tuple[float, float]] = []
    while keys.now < times[-1]:
        keys.hold(rng.uniform(0.1, 0.8))
        move = sport(rng)
        if move.lift:
            flights.append(_jump(keys, rest, move))
        else:
            keys.reach(move.angles, rate=rng.uniform(110, 220))
            keys.hold(rng.uniform(0.05, 0.4))
        keys.reach(rest, rate=rng.uniform(90, 170))
    return _track(keys.at(times), flights=_within(times, flights))


ACTIONS: Dict[str, Callable[[np.random.Generator, Array], Track]] = {
    'Walking': walking,
    'Running': running,
    'Strolling': strolling,
    'Turning': turning,
    'Gesturing': gesturing,
    'Reaching': reaching_out,
    'Sitting': sitting_down,
    'Exercising': exercising,
}


def _roaming(
    rng: np.random.Generator, times: Array, cycle: Cycle, rate: float, going: Array
) -> Track:
    """Steps at a rate (cycles per second) where the person is going."""
    wander = PchipInterpolator(*_wandering(rng, times[-1]))(times)
    phase = _phases(times, rate * wander * (0.4 + 0.6 * going)) + rng.uniform()
    angles = cycle_angles(cycle, phase, stretch=rng.uniform(0.8, 1.1))
    keys = Keyframes(_stand(rng))
    while keys.now < times[-1]:
        keys.reach(_upper_of(keys.last, standing(rng)), rate=rng.uniform(50, 120))
        keys.hold(rng.uniform(0.5, 2.0))
    mixed = _mixed(keys.at(times), angles, going)
    # People look where they like.
    mixed[:, NAMES.index('head')] += 0.4 * keys.at(times)[:, NAMES.index('head')]
    return _track(
        mixed,
        stepping=going,
        feet_bear=bearing(cycle, phase),
        flights=aloft(cycle, phase) & (going > 0.9),
        roams=True,
    )


def _wandering(rng: np.random.Generator, seconds: float) -> Tuple[Array, Array]:
    """A pace that comes and goes by a few percent."""
    knots = np.arange(0, seconds + 3, 1.5)
    return knots, rng.uniform(0.92, 1.08, len(knots))


def _phases(times: Array, rates: Array) -> Array:
    """Cycles that have passed, from cycles per second."""
    return np.concatenate(((0.0,), np.cumsum(rates[1:] * np.diff(times))))


def _mixed(standing_still: Array, moving: Array, share: Array) -> Array:
    mixed: Array = standing_still + share[:, None, None] * (moving - standing_still)
    return mixed


def _stand(rng: np.random.Generator) -> Array:
    """Upright on both feet, the rest as in any standing pose."""
    bend = rng.uniform(2, 8)
    angles = standing(rng).angles.copy()
    angles[_PELVIS] = 0
    for side in _SIDES:
        angles[NAMES.index(f'{side}_thigh')] = (rng.uniform(3, 8), bend, 6)
        angles[NAMES.index(f'{side}_shin')] = (0, 2 * bend, 0)
    return _flat_feet(angles)


def _upper_of(angles: Array, pose: Pose) -> Array:
    """The same, with trunk, head and arms of a pose."""
    mixed = angles.copy()
    mixed[_UPPER] = pose.angles[_UPPER]
    return mixed


def _level_legs(angles: Array, rest: Array) -> Array:
    """The same, with both legs bent alike, so that both feet stay on the ground."""
    level = angles.copy()
    level[_PELVIS] = 0.3 * angles[_PELVIS]
    for name in ('thigh', 'shin'):
        rows = [NAMES.index(f'{side}_{name}') for side in _SIDES]
        level[rows] = rest[rows]
        level[rows, 1] = max(rest[rows, 1].mean(), angles[rows, 1].mean())
    return _flat_feet(level)


def _bowed(rest: Array, seat: Array) -> Array:
    """Half way between standing and sitting: the trunk leans over the feet."""
    half = 0.5 * (rest + seat)
    half[_PELVIS, 1] = 18
    half[NAMES.index('chest'), 1] = 32
    for side in _SIDES:
        half[NAMES.index(f'{side}_thigh'), 1] = 78
        half[NAMES.index(f'{side}_shin'), 1] = 82
    return _flat_feet(half)


def _flat_feet(angles: Array) -> Array:
    """The same with level soles, as far as ankles go."""
    level = angles.copy()
    for side in _SIDES:
        thigh, shin, foot = (
            NAMES.index(f'{side}_{name}') for name in ('thigh', 'shin', 'foot')
        )
        level[foot] = 0
        level[foot, 1] = level[shin, 1] - level[thigh, 1] + level[_PELVIS, 1]
    return Pose(level).limited().angles


def _jump(keys: Keyframes, rest: Array, move: Pose) -> Tuple[float, float]:
    """Crouch, leave the ground, land; when the flight begins and ends."""
    seconds = 2 * float(np.sqrt(2 * min(move.lift, HIGHEST_JUMP) / GRAVITY))
    keys.reach(_crouch(rest, 55, arms=-35), rate=130)
    tips = _crouch(rest, 0, arms=25)
    for side in _SIDES:
        tips[NAMES.index(f'{side}_foot'), 1] = -30
    keys.arrive(tips, 0.28)
    begins = keys.now
    keys.arrive(rest + 0.5 * (move.angles - rest), seconds / 2)
    keys.arrive(_crouch(rest, 20, arms=20), seconds / 2)
    ends = keys.now
    keys.arrive(_crouch(rest, 50, arms=10), 0.25)
    return begins, ends


def _crouch(rest: Array, depth: float, *, arms: float) -> Array:
    bent = rest.copy()
    bent[NAMES.index('chest')] = (0, 0.5 * depth, 0)
    for side in _SIDES:
        bent[NAMES.index(f'{side}_thigh'), 1] += depth
        bent[NAMES.index(f'{side}_shin'), 1] += 1.2 * depth
        bent[NAMES.index(f'{side}_upper_arm')] = (12, arms, 0)
        bent[NAMES.index(f'{side}_forearm')] = (0, 25, 0)
    return _flat_feet(bent)


def _within(times: Array, spans: List[Tuple[float, float]]) -> NDArray[np.bool_]:
    inside = np.zeros(len(times), bool)
    for begins, ends in spans:
        inside |= (times >= begins) & (times <= ends)
    return inside


def _track(
    angles: Array,
    *,
    heading: Optional[Array] = None,
    stepping: Optional[Array] = None,
    feet_bear: Optional[Array] = None,
    flights: Optional[NDArray[np.bool_]] = None,
    sits: Optional[NDArray[np.bool_]] = None,
    roams: bool = False,
) -> Track:
    none = np.zeros(len(angles))
    never = np.zeros(len(angles), bool)
    return Track(
        angles,
        none if heading is None else heading,
        none if stepping is None else stepping,
        np.full((len(angles), 2), 0.5) if feet_bear is None else feet_bear,
        roams,
        never if flights is None else flights,
        never if sits is None else sits,
    )
