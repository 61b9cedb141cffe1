"""Checks of values as configs and ``--cfg-options`` bring them."""

import math
from typing import Any, List, Optional, Sequence, Tuple


def whole_numbers(name: str, value: Any, *, length: Optional[int] = None) -> tuple:
    """A sequence of whole numbers as a tuple.

    Raises:
        ValueError: if ``value`` is something else, or of another length.
    """
    fits = isinstance(value, Sequence) and not isinstance(value, str)
    if (
        not fits
        or not all(_is_whole(v) for v in value)
        or (length is not None and len(value) != length)
    ):
        many = 'whole numbers' if length is None else f'{length} whole numbers'
        raise ValueError(
            f'{name}: expected a sequence of {many}, such as "(3,)", got {value!r}'
        )
    return tuple(value)


def whole_number(
    name: str, value: Any, *, least: Optional[int] = None, most: Optional[int] = None
) -> int:
    """A whole number, in a range.

    Raises:
        ValueError: if ``value`` is something else.
    """
    bounds = [
        *([] if least is None else [f'{least} or more']),
        *([] if most is None else [f'at most {most}']),
    ]
    if (
        not _is_whole(value)
        or (least is not None and value < least)
        or (most is not None and value > most)
    ):
        raise ValueError(f'{_expected(name, "a whole number", bounds)}, got {value!r}')
    return value


def sizes(**values: Any) -> None:
    """Refuse values that are no whole numbers from 1 on.

    Args:
        **values: by the names of arguments.

    Raises:
        ValueError: naming the first one.
    """
    for name, value in values.items():
        whole_number(name, value, least=1)


def number(name: str, value: Any) -> float:
    """A number.

    Raises:
        ValueError: if ``value`` is something else.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f'{name}: expected a number, got {value!r}')
    return float(value)


def number_from(
    name: str,
    value: Any,
    least: float,
    *,
    below: float = math.inf,
    or_equal: bool = True,
) -> float:
    """A finite number, in a range.

    Args:
        name: of the argument.
        value: what came.
        least: where the range begins.
        below: where it ends, itself not in it.
        or_equal: whether ``least`` is in it.

    Raises:
        ValueError: if ``value`` is something else.
    """
    given = number(name, value)
    # Comparisons with a value that is no number are False.
    if not (least <= given < below) or (given == least and not or_equal):
        bounds = [f'{least} or more' if or_equal else f'above {least}']
        bounds += [f'below {below}'] if below < math.inf else []
        raise ValueError(f'{_expected(name, "a finite number", bounds)}, got {value!r}')
    return given


def rates(**values: Any) -> None:
    """Refuse values that are no numbers in [0, 1): how often something is left out.

    Args:
        **values: by the names of arguments.

    Raises:
        ValueError: naming the first one.
    """
    for name, value in values.items():
        number_from(name, value, 0, below=1)


def yes_or_no(name: str, value: Any) -> bool:
    """True or False, and not what stands for them.

    Raises:
        ValueError: if ``value`` is something else.
    """
    if not isinstance(value, bool):
        raise ValueError(f'{name}: expected True or False, got {value!r}')
    return value


def one_of(name: str, value: Any, choices: Tuple[str, ...]) -> str:
    """One of a few words.

    Raises:
        ValueError: if ``value`` is something else.
    """
    if value not in choices:
        raise ValueError(f'{name}: expected one of {choices}, got {value!r}')
    return value


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _expected(name: str, kind: str, bounds: List[str]) -> str:
    of = f', {" and ".join(bounds)}' if bounds else ''
    return f'{name}: expected {kind}{of}'
