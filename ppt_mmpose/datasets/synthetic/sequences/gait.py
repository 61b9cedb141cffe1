"""One cycle of walking, of running and of stepping on the spot, as joint angles.

Hip, knee and ankle over a cycle that begins when the heel strikes the ground: after the
curves of Perry, Gait Analysis (1992), of a walk, and of Novacheck, The biomechanics of
running (Gait and Posture 7, 1998), read off to a few degrees.
"""

from typing import Dict, NamedTuple, Tuple

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from ..skeleton import NAMES, Array

Knots = Tuple[Tuple[float, float], ...]  # share of the cycle, degrees


class Cycle(NamedTuple):
    """How a leg moves in a cycle, and what the rest of the body does meanwhile.

    Attributes:
        hip: flexion.
        knee: flexion.
        ankle: flexion, positive with the toes up.
        duty: share of the cycle in which the foot is on the ground.
        arm: swing of the upper arm to each side of its middle, degrees.
        elbow: middle of its flexion, degrees.
        lean: of the trunk to the front, degrees.
    """

    hip: Knots
    knee: Knots
    ankle: Knots
    duty: float
    arm: float
    elbow: float
    lean: float


WALK = Cycle(
    hip=(
        (0, 22),
        (0.12, 17),
        (0.3, -1),
        (0.5, -18),
        (0.62, -9),
        (0.75, 13),
        (0.87, 24),
    ),
    knee=((0, 4), (0.14, 15), (0.4, 5), (0.5, 12), (0.62, 40), (0.73, 62), (0.86, 32)),
    ankle=((0, 0), (0.07, -5), (0.4, 10), (0.5, 4), (0.63, -15), (0.78, 4), (0.9, 4)),
    duty=0.62,
    arm=20,
    elbow=20,
    lean=3,
)
RUN = Cycle(
    hip=((0, 28), (0.15, 18), (0.36, -6), (0.5, 2), (0.7, 34), (0.86, 38)),
    knee=((0, 14), (0.14, 34), (0.35, 18), (0.52, 60), (0.66, 84), (0.86, 42)),
    ankle=((0, 2), (0.15, 18), (0.37, -22), (0.52, -12), (0.72, 0), (0.9, 4)),
    duty=0.38,
    arm=32,
    elbow=85,
    lean=10,
)
STEP = Cycle(
    hip=((0, 4), (0.25, 3), (0.5, 4), (0.63, 16), (0.75, 27), (0.87, 15)),
    knee=((0, 7), (0.25, 5), (0.5, 7), (0.63, 34), (0.75, 50), (0.87, 26)),
    ankle=((0, 3), (0.25, 2), (0.5, 3), (0.63, 2), (0.75, -6), (0.87, 2)),
    duty=0.52,
    arm=7,
    elbow=18,
    lean=2,
)


def cycle_angles(cycle: Cycle, phase: Array, *, stretch: float = 1.0) -> Array:
    """Joint angles at moments of a cycle.

    Args:
        cycle: whose.
        phase: ``(n,)``, cycles; whole numbers where the left heel strikes.
        stretch: of the swing of hips and arms; 1 is as stated.

    Returns:
        ``(n, segments, 3)``, degrees, see :class:`..skeleton.Pose`.
    """
    curves = [
        _periodic(knots)(phase[:, None] + (0, 0.5))
        for knots in (cycle.hip, cycle.knee, cycle.ankle)
    ]
    hip, knee, ankle = curves
    middle = float(_periodic(cycle.hip).integrate(0, 1))
    hip = middle + stretch * (hip - middle)
    swing = np.cos(2 * np.pi * phase)  # 1 with the left leg in front
    sway = np.sin(2 * np.pi * phase)  # 1 amid the left foot's stance
    still = np.zeros_like(phase)
    rows: Dict[str, Tuple[Array, Array, Array]] = {
        'pelvis': (-2 * sway, still + cycle.lean / 3, -4 * stretch * swing),
        'chest': (2 * sway, still + cycle.lean, 9 * stretch * swing),
        'head': (still, still - cycle.lean / 2, -5 * stretch * swing),
    }
    for side, name in enumerate(('left', 'right')):
        back = swing * (-1 if side == 0 else 1)  # an arm swings against its leg
        rows[f'{name}_thigh'] = (still + 2, hip[:, side], still + 3)
        rows[f'{name}_shin'] = (still, knee[:, side], still)
        rows[f'{name}_foot'] = (still, ankle[:, side], still)
        arm = cycle.arm * stretch * back
        rows[f'{name}_upper_arm'] = (still + 8, arm - 2, still - 5)
        rows[f'{name}_forearm'] = (still, cycle.elbow + 0.35 * arm, still + 10)
    none = (still,) * 3
    return np.stack([np.stack(rows.get(name, none), -1) for name in NAMES], 1)


def aloft(cycle: Cycle, phase: Array) -> NDArray[np.bool_]:
    """Whether neither foot is on the ground, ``(n,)``."""
    share = np.mod(phase[:, None] + (0, 0.5), 1)
    return np.asarray((share > cycle.duty).all(1))


def bearing(cycle: Cycle, phase: Array) -> Array:
    """How much of the body each foot bears, ``(n, 2)``: left, right.

    While both feet are on the ground, one takes over from the other. In the air none
    bears anything, and the last to leave is named.
    """
    both = max(cycle.duty - 0.5, 1e-3)
    share = np.mod(phase, 1)
    # From 0 to 1 as the left foot takes over at 0, back as the right one does at 0.5.
    left = np.clip(share / both, 0, 1) - np.clip((share - 0.5) / both, 0, 1)
    return np.stack((left, 1 - left), 1)


def _periodic(knots: Knots) -> CubicSpline:
    shares, degrees = np.array((*knots, (1, knots[0][1])), float).T
    return CubicSpline(shares, degrees, bc_type='periodic')
