"""Checks of values as configs and ``--cfg-options`` bring them."""

from typing import Any, Optional, Sequence, Tuple


def whole_numbers(name: str, value: Any, *, length: Optional[int] = None) -> tuple:
    """A sequence of whole numbers as a tuple.

    Raises:
        ValueError: if ``value`` is something else, or of another length.
    """
    fits = isinstance(value, Sequence) and not isinstance(value, str)
    if (
        not fits
        or not all(isinstance(v, int) for v in value)
        or (length is not None and len(value) != length)
    ):
        many = 'whole numbers' if length is None else f'{length} whole numbers'
        raise ValueError(
            f'{name}: expected a sequence of {many}, such as "(3,)", got {value!r}'
        )
    return tuple(value)


def number(name: str, value: Any) -> float:
    """A number.

    Raises:
        ValueError: if ``value`` is something else.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f'{name}: expected a number, got {value!r}')
    return float(value)


def one_of(name: str, value: Any, choices: Tuple[str, ...]) -> str:
    """One of a few words.

    Raises:
        ValueError: if ``value`` is something else.
    """
    if value not in choices:
        raise ValueError(f'{name}: expected one of {choices}, got {value!r}')
    return value
