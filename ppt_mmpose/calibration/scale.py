"""How large a scene is, and whether its unit can be right."""

import math
from typing import Optional

import torch
from torch import Tensor

from ..geometry import Cameras

# What the keypoints of a person span, m: from a crouching child to raised arms.
PERSON = (0.5, 2.5)
# The same of most people at most times, m: what a wrong unit is told by.
_UPRIGHT = (1.0, 2.2)
# The largest distance between two cameras of one recording, m.
SPREAD = (0.05, 200.0)
_ROOM = 4.0
# By how much lengths are too large, what makes them so, and the unit to give.
MISTAKES = {
    1000.0: "millimetres read as metres; the unit is 'mm'",
    100.0: "centimetres read as metres; the unit is 'cm'",
    10.0: "millimetres read as centimetres; the unit is 'mm'",
    0.1: "centimetres read as millimetres; the unit is 'cm'",
    0.01: "metres read as centimetres; the unit is 'm'",
    0.001: "metres read as millimetres; the unit is 'm'",
}


def spread(cameras: Cameras) -> float:
    """The largest distance between two cameras, m."""
    return float(torch.cdist(cameras.centres, cameras.centres).max())


def meeting_point(cameras: Cameras) -> Optional[Tensor]:
    """The point ``(3,)`` nearest to the axes of all cameras, m.

    None where they are parallel, as that of a single camera is.
    """
    axes = cameras.rotation[:, 2]
    across = torch.eye(3, dtype=axes.dtype) - axes[:, :, None] * axes[:, None, :]
    normal = across.sum(0)
    # A right angle between two axes gives 1, one degree 1e-4.
    if torch.linalg.eigvalsh(normal)[0] < 1e-4:
        return None
    return torch.linalg.solve(normal, (across @ cameras.centres[..., None]).sum(0))[
        :, 0
    ]


def person_span(points: Tensor, found: Tensor) -> Optional[float]:
    """What the keypoints of a person span along an axis of the world, m.

    Args:
        points: ``(T, J, 3)``, m.
        found: ``(T, J)``, bool.

    Returns:
        The median over the instants at which most keypoints were found; None without
        such ones.
    """
    enough = found.sum(-1) * 2 > found.shape[-1]
    if not enough.any() or found.shape[-1] < 2:
        return None
    points, found = points[enough], found[enough, :, None]
    highest = points.masked_fill(~found, -math.inf).amax(1)
    lowest = points.masked_fill(~found, math.inf).amin(1)
    return float((highest - lowest).amax(-1).median())


def finding_from_people(span: float) -> Optional[str]:
    """What is wrong with the unit, told by the span of a person, m; None if nothing."""
    low, high = PERSON
    if low <= span <= high:
        return None
    for factor, mistake in MISTAKES.items():
        if _UPRIGHT[0] <= span / factor <= _UPRIGHT[1]:
            return (
                f'unit: the keypoints of a person span {span:.4g} m, and {low} to '
                f'{high} m are expected: {mistake}'
            )
    return (
        f'unit: the keypoints of a person span {span:.4g} m, and {low} to {high} m are '
        f'expected; if the person is 1.7 m tall, the unit was {1.7 / span:.3g} times '
        'the one it was read with'
    )


def finding_from_cameras(cameras: Cameras) -> Optional[str]:
    """What is wrong with the unit, told by the cameras alone; None if nothing.

    Cameras are a few metres apart, and from where their axes meet.
    """
    apart = spread(cameras)
    middle = meeting_point(cameras)
    away = 0.0 if middle is None else _distance(cameras, middle)
    size = max(apart, away)
    if len(cameras) < 2 or SPREAD[0] <= size <= SPREAD[1]:
        return None
    factor = min(MISTAKES, key=lambda factor: abs(math.log(size / factor / _ROOM)))
    return (
        f'unit: the cameras are up to {apart:.4g} m apart and {away:.4g} m from where '
        f'their axes meet: perhaps {MISTAKES[factor]}'
    )


def _distance(cameras: Cameras, point: Tensor) -> float:
    return float((cameras.centres - point).norm(dim=-1).median())
