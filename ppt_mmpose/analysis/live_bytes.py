"""How much memory the tensors of a forward pass take at once."""

import weakref
from typing import Any, Callable, Optional, Set

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten


def peak_live_bytes(forward: Callable[[], object]) -> int:
    """The most that tensors made within a pass take together, at any time.

    Counted from outside of operators: what one of them allocates for itself and frees
    again is not seen. Tensors that share memory count once.

    Args:
        forward: runs the pass.

    Returns:
        Bytes.
    """
    count = _LiveBytes()
    with torch.inference_mode(), count:
        forward()
    return count.peak


class _LiveBytes(TorchDispatchMode):
    def __init__(self) -> None:
        super().__init__()
        self.live = self.peak = 0
        self._known: Set[int] = set()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Optional[dict] = None
    ) -> Any:
        kwargs = kwargs or {}
        for given in tree_flatten((args, kwargs))[0]:
            if isinstance(given, Tensor):
                # What was there before, such as weights, and views of it.
                self._note(given, 0)
        out = func(*args, **kwargs)
        for made in tree_flatten(out)[0]:
            if isinstance(made, Tensor):
                self._note(made, made.untyped_storage().nbytes())
        self.peak = max(self.peak, self.live)
        return out

    def _note(self, tensor: Tensor, size: int) -> None:
        storage = tensor.untyped_storage()
        key = storage._cdata
        if key not in self._known:
            self._known.add(key)
            self.live += size
            weakref.finalize(storage, self._forget, key, size)

    def _forget(self, key: int, size: int) -> None:
        self._known.discard(key)
        self.live -= size
