"""Frames, several at a time."""

from typing import Iterable, Iterator, List, TypeVar

Item = TypeVar('Item')


def in_batches(items: Iterable[Item], size: int) -> Iterator[List[Item]]:
    """So many items at once; the last ones may be fewer.

    Before an error of the items, whatever it is, those that came are given.

    Args:
        items: are asked for as they are needed.
        size: at least 1.
    """
    batch: List[Item] = []
    try:
        for item in items:
            batch.append(item)
            if len(batch) == size:
                yield batch
                batch = []
    # Frames may be anybody's iterators: it is raised again.
    except Exception:
        if batch:
            yield batch
        raise
    if batch:
        yield batch
