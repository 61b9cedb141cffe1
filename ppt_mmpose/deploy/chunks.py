"""A batch in several turns, so that what is computed stays in the cache."""

from itertools import repeat
from typing import Any, Callable, Iterable, List

import torch
from torch import Tensor


class InChunks:
    """A function of a batch that is applied to a few samples at a time.

    Args:
        function: takes and gives tensors ``(B, ...)``, or tuples and lists of them, and
            treats every sample on its own. None may stand behind the first tensor.
        size: samples of a turn.
    """

    def __init__(self, function: Callable[[Any], Any], size: int) -> None:
        self.function = function
        self.size = size

    def __call__(self, batch: Any) -> Any:
        """As the function; the tensors that it gives are put together again."""
        if _first(batch).shape[0] <= self.size:
            return self.function(batch)
        return _joined([self.function(part) for part in _parts(batch, self.size)])


def _first(batch: Any) -> Tensor:
    while not isinstance(batch, Tensor):
        batch = batch[0]
    return batch


def _parts(batch: Any, size: int) -> Iterable[Any]:
    if batch is None:
        return repeat(None)
    if isinstance(batch, Tensor):
        return list(batch.split(size))
    return [type(batch)(part) for part in zip(*(_parts(each, size) for each in batch))]


def _joined(parts: List[Any]) -> Any:
    if isinstance(parts[0], Tensor):
        return torch.cat(parts)
    if parts[0] is None:
        return None
    return type(parts[0])(_joined(list(each)) for each in zip(*parts))
