"""Units of length, in metres."""

import math
from typing import Union

METRES = dict(m=1.0, cm=0.01, mm=0.001)

Unit = Union[str, float]


def metres(unit: Unit) -> float:
    """What a unit is in metres.

    Args:
        unit: ``'m'``, ``'cm'``, ``'mm'``, or the metres themselves: calibrations are
            also in squares of a board.

    Raises:
        ValueError: for any other one.
    """
    if isinstance(unit, str) and unit in METRES:
        return METRES[unit]
    try:
        length = float(unit)
    except ValueError:
        length = math.nan
    if not (math.isfinite(length) and length > 0):
        raise ValueError(
            f'unit: expected {", ".join(METRES)} or a number of metres, got {unit!r}'
        )
    return length
