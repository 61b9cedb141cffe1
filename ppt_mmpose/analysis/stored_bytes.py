"""How much a forward pass stores for the backward pass."""

from typing import Callable, Dict, Iterable

import torch
from torch import Tensor


def stored_bytes(forward: Callable[[], object], *, without: Iterable[Tensor]) -> int:
    """Memory that autograd holds when a forward pass is over.

    It is what grows with the batch. Tensors that share memory count once. What is
    there for a moment only, within the pass or in the backward pass, does not count.

    Args:
        forward: runs the pass, and returns what its graph hangs on.
        without: tensors that are there anyway, such as weights.

    Returns:
        Bytes.
    """
    sizes: Dict[int, int] = {}

    def note(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        sizes[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        # Held until the end: memory that is freed could be given out once more.
        out = forward()
    for tensor in without:
        sizes.pop(tensor.untyped_storage().data_ptr(), None)
    del out
    return sum(sizes.values())
