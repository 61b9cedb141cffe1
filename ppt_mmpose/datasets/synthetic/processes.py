"""Drawing in one process or in several."""

import contextlib
import multiprocessing
from functools import partial
from typing import Any, Callable, Iterable, Iterator

import cv2


@contextlib.contextmanager
def mapping(workers: int, *, chunk: int = 16) -> Iterator[Callable[..., Iterable[Any]]]:
    """``map``, or the same in several processes.

    Args:
        workers: processes; with one, nothing is started.
        chunk: tasks that a process takes at once.
    """
    if workers == 1:
        yield map
        return
    # Forked, a worker could wait for threads of OpenCV that it does not have.
    context = multiprocessing.get_context('spawn')
    with context.Pool(workers, initializer=cv2.setNumThreads, initargs=(1,)) as pool:
        yield partial(pool.imap, chunksize=chunk)
