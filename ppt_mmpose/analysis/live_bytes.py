"""How much memory the tensors of a forward pass take at once."""

import weakref
from typing import Any, Callable, Dict, Optional

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
        self._tensors: Dict[int, int] = {}  # that share a piece of memory
        self._sizes: Dict[int, int] = {}

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Optional[dict] = None
    ) -> Any:
        for given in tree_flatten((args, kwargs))[0]:
            if isinstance(given, Tensor):
                # What was there before, such as weights, takes nothing more.
                self._sizes.setdefault(given.untyped_storage()._cdata, 0)
                self._note(given)
        out = func(*args, **(kwargs or {}))
        for made in tree_flatten(out)[0]:
            if isinstance(made, Tensor):
                self._note(made)
        self.peak = max(self.peak, self.live)
        return out

    def _note(self, tensor: Tensor) -> None:
        storage = tensor.untyped_storage()
        key = storage._cdata
        if key not in self._sizes:
            self._sizes[key] = storage.nbytes()
            self.live += self._sizes[key]
        self._tensors[key] = self._tensors.get(key, 0) + 1
        weakref.finalize(tensor, self._forget, key)

    def _forget(self, key: int) -> None:
        self._tensors[key] -= 1
        if not self._tensors[key]:
            del self._tensors[key]
            self.live -= self._sizes.pop(key)
