"""Which frames of several views belong to one instant.

Images are joined by the stems of their names, and a view may lack some. Videos and
other streams are joined by the order of their frames, and all views must have as many.
"""

from collections import Counter
from itertools import zip_longest
from pathlib import Path
from typing import (
    Any,
    Dict,
    Iterable,
    Iterator,
    List,
    Mapping,
    Optional,
    Tuple,
    TypeVar,
)

from ...frames.reading import natural_order

Frame = TypeVar('Frame')

# Containers give the mean rate of a video, and that of the same camera setting differs
# by less from video to video; 29.97 and 30 differ by more.
RATE_TOLERANCE = 5e-4
_END = object()


def instant_name(number: int) -> str:
    """The name of an instant of videos: the number of the frame, from 0."""
    return f'{number:06d}'


def joined_by_name(images: Mapping[str, Mapping[str, Path]]) -> List[str]:
    """The names of all instants, in their natural order.

    Args:
        images: of each view its images by stem.

    Raises:
        ValueError: if there are several views, and one shares no stem with another.
    """
    views_of = Counter(stem for files in images.values() for stem in files)
    if len(images) > 1 and max(views_of.values(), default=0) < 2:
        first = (
            f'{view} begins with {next(iter(files.values())).name}'
            for view, files in images.items()
            if files
        )
        raise ValueError(
            'views: expected images of one instant to have one name in all views, got '
            f'no name that two views share ({", ".join(first)})'
        )
    for view, files in images.items():
        if len(images) > 1 and files and all(views_of[stem] == 1 for stem in files):
            raise ValueError(
                f'view {view!r}: expected images of one instant to have one name in '
                f'all views, got {next(iter(files.values())).name} and others, of '
                'which no other view has one'
            )
    return sorted(views_of, key=natural_order)


def equal_length(lengths: Mapping[str, Optional[int]]) -> Optional[int]:
    """The length that views share; None where one of them is not known.

    Args:
        lengths: number of frames of each view, None where it is not known.

    Raises:
        ValueError: if two lengths differ, with all of them.
    """
    known = {length for length in lengths.values() if length is not None}
    if len(known) > 1:
        told = (
            f'{view} has {"an unknown number" if length is None else length}'
            for view, length in lengths.items()
        )
        raise ValueError(
            f'views: expected as many frames in each, but {", ".join(told)}'
        )
    return None if None in lengths.values() else known.pop()


def equal_rate(rates: Mapping[str, Optional[float]]) -> Optional[float]:
    """The rate that views share, frames a second; None where none is known.

    Args:
        rates: of each view, None where it is not known.

    Raises:
        ValueError: if two differ, naming both.
    """
    known = {view: rate for view, rate in rates.items() if rate is not None}
    if not known:
        return None
    slow, fast = min(known, key=known.__getitem__), max(known, key=known.__getitem__)
    if known[fast] - known[slow] > RATE_TOLERANCE * known[fast]:
        raise ValueError(
            f'views: expected one rate, but {slow} has {known[slow]:g} frames a second '
            f'and {fast} has {known[fast]:g}'
        )
    return next(iter(known.values()))


def in_step(
    streams: Mapping[str, Iterable[Frame]], *, shortest: bool = False
) -> Iterator[Dict[str, Frame]]:
    """The frames of each instant by view, read when they are asked for.

    Args:
        streams: frames of each view in order.
        shortest: end with the shortest view.

    Raises:
        ValueError: when a view ends before the others, unless ``shortest``, with its
            name and the instant.
    """
    together: Iterator[Tuple[Any, ...]] = zip_longest(*streams.values(), fillvalue=_END)
    for number, frames in enumerate(together):
        ended = [view for view, frame in zip(streams, frames) if frame is _END]
        if ended and shortest:
            return
        if ended:
            raise ValueError(
                f'views: expected as many frames in each, but {", ".join(ended)} '
                f'ended before instant {instant_name(number)}, which others have'
            )
        yield dict(zip(streams, frames))
