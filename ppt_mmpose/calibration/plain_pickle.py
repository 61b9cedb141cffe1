"""Pickles of plain values, read without running any code of theirs.

A pickle may name any function and have it called. Here it may name only what numpy
needs to put arrays together; containers, numbers and strings need no names.
"""

import pickle
from pathlib import Path
from typing import Any, Dict, Tuple

import numpy as np


def _encode(text: str, encoding: str) -> bytes:
    """Bytes as the older pickle protocols store them, and no other codec."""
    if encoding != 'latin1':
        raise pickle.UnpicklingError(f'bytes in the encoding {encoding!r}')
    return text.encode(encoding)


def _array_functions() -> Dict[str, Any]:
    """What numpy's own pickles call, whichever version wrote them."""
    array = np.zeros(1)
    return {
        'multiarray._reconstruct': array.__reduce__()[0],
        'multiarray.scalar': array[0].__reduce__()[0],
        'numeric._frombuffer': array.__reduce_ex__(5)[0],
    }


def _allowed() -> Dict[Tuple[str, str], Any]:
    allowed: Dict[Tuple[str, str], Any] = {
        ('numpy', 'ndarray'): np.ndarray,
        ('numpy', 'dtype'): np.dtype,
        ('_codecs', 'encode'): _encode,
    }
    # numpy 2 renamed its core; each version must read the other's pickles.
    for core in ('numpy.core', 'numpy._core'):
        for name, function in _array_functions().items():
            module, attribute = name.rsplit('.', 1)
            allowed[f'{core}.{module}', attribute] = function
    return allowed


class _PlainUnpickler(pickle.Unpickler):
    allowed = _allowed()

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self.allowed:
            raise _RefusedError(f'{module}.{name}')
        return self.allowed[module, name]


class _RefusedError(Exception):
    pass


def load_plain_pickle(path: Path) -> Any:
    """Read a pickle of containers, numbers, strings and numpy arrays.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is no pickle, or names anything else, which is not run.
    """
    with open(path, 'rb') as file:
        try:
            # Pickles of Python 2 hold strings without encoding.
            return _PlainUnpickler(file, encoding='latin1').load()
        except _RefusedError as refused:
            raise ValueError(
                f'{path}: expected a pickle of plain values and numpy arrays, got one '
                f'that asks for {refused}; nothing of it was run'
            ) from None
        # A broken pickle can raise nearly anything.
        except Exception as error:
            raise ValueError(
                f'{path}: expected a pickle: {type(error).__name__}: {error}'
            ) from None
