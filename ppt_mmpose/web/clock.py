"""How long a model takes."""

import time
from contextlib import contextmanager
from typing import Any, Iterator, List


@contextmanager
def timed(model: Any) -> Iterator[List[float]]:
    """The seconds that each pass through a model takes, as they come.

    Args:
        model: of torch.
    """
    seconds: List[float] = []

    def begin(*_: object) -> None:
        seconds.append(-time.perf_counter())

    def end(*_: object) -> None:
        seconds[-1] += time.perf_counter()

    hooks = [
        model.register_forward_pre_hook(begin),
        model.register_forward_hook(end),
    ]
    try:
        yield seconds
    finally:
        for hook in hooks:
            hook.remove()
