"""Pickles of plain values, read without running any code of theirs.

A pickle may name any function and have it called. Here it may name only what numpy
needs to put arrays together, and gets functions of ours in its place, which make arrays
of numbers and strings alone; containers, numbers and strings need no names.
"""

import math
import pickle
import re
from pathlib import Path
from typing import Any, BinaryIO, Dict, Pattern, Tuple

import numpy as np

# Booleans, numbers and strings. Other types hold pointers or more types.
_PLAIN_TYPE = re.compile(r'[biufcSU]\d+')
# Arrays of objects, which are pickled as a list of them.
_ANY_TYPE = re.compile(r'[biufcSU]\d+|O8')


class _Type:
    """Stands in for a dtype: numpy's own takes any flag from a pickle, unchecked.

    Args:
        code: as ``'f8'``.
    """

    allowed: Pattern = _PLAIN_TYPE

    def __init__(self, code: Any, *flags: bool) -> None:
        if not isinstance(code, str) or not self.allowed.fullmatch(code):
            raise pickle.UnpicklingError(f'an array of the type {code!r}')
        self.dtype = np.dtype(code)

    def __setstate__(self, state: Tuple) -> None:
        _, order, *parts = state[:5]
        # Sizes and flags, which follow, are those of the code: none is taken over.
        if any(part is not None for part in parts):
            raise pickle.UnpicklingError('an array of a type with parts')
        self.dtype = self.dtype.newbyteorder(order)


class _AnyType(_Type):
    """One that may be of objects."""

    allowed = _ANY_TYPE


class _Array(np.ndarray):
    """An array that takes its type from a stand-in."""

    def __setstate__(self, state: Tuple) -> None:
        version, shape, kind, fortran, content = state
        # numpy takes as many objects as the shape says, without looking at the list.
        if kind.dtype.hasobject and len(content) != math.prod(shape):
            raise pickle.UnpicklingError('an array with another number of objects')
        super().__setstate__((version, shape, kind.dtype, fortran, content))


def _reconstruct(*_: Any) -> np.ndarray:
    return np.ndarray.__new__(_Array, (0,), 'b')


def _scalar(kind: _Type, content: Any) -> Any:
    (value,) = np.frombuffer(_bytes(content), kind.dtype)
    return value


def _frombuffer(content: Any, kind: _Type, shape: Tuple, order: Any) -> np.ndarray:
    # A copy: what the buffer belongs to may go away.
    return np.frombuffer(content, kind.dtype).reshape(shape, order=order).copy()


def _bytes(content: Any) -> bytes:
    return content.encode('latin1') if isinstance(content, str) else content


def _encode(text: str, encoding: str) -> bytes:
    """Bytes as the older pickle protocols store them, and no other codec."""
    if encoding != 'latin1':
        raise pickle.UnpicklingError(f'bytes in the encoding {encoding!r}')
    return text.encode(encoding)


def _no_bytes() -> bytes:
    """What the older protocols store for an empty array."""
    return b''


_ALLOWED: Dict[Tuple[str, str], Any] = {
    ('__builtin__', 'bytes'): _no_bytes,
    ('builtins', 'bytes'): _no_bytes,
    ('numpy', 'ndarray'): np.ndarray,
    ('numpy', 'dtype'): _Type,
    ('_codecs', 'encode'): _encode,
}
# numpy 2 renamed its core; each version must read the other's pickles.
for _core in ('numpy.core', 'numpy._core'):
    _ALLOWED[f'{_core}.multiarray', '_reconstruct'] = _reconstruct
    _ALLOWED[f'{_core}.multiarray', 'scalar'] = _scalar
    _ALLOWED[f'{_core}.numeric', '_frombuffer'] = _frombuffer


class _PlainUnpickler(pickle.Unpickler):
    allowed: Dict[Tuple[str, str], Any] = _ALLOWED

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self.allowed:
            raise _RefusedError(f'{module}.{name}')
        return self.allowed[module, name]


class _ObjectUnpickler(_PlainUnpickler):
    allowed = {**_ALLOWED, ('numpy', 'dtype'): _AnyType}


class _RefusedError(Exception):
    pass


def load_plain_pickle(path: Path) -> Any:
    """Read a pickle of containers, numbers, strings and numpy arrays.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is no pickle, or names anything else, which is not run.
    """
    with open(path, 'rb') as file:
        return read_plain_pickle(file, path)


def read_plain_pickle(file: BinaryIO, source: object, *, objects: bool = False) -> Any:
    """Read such a pickle from where an open file is.

    Args:
        file: not closed.
        source: the file, for messages.
        objects: whether there may be arrays of objects, of which the same holds.

    Raises:
        ValueError: as `load_plain_pickle`.
    """
    unpickler = _ObjectUnpickler if objects else _PlainUnpickler
    try:
        # Pickles of Python 2 hold strings without encoding.
        return unpickler(file, encoding='latin1').load()
    except _RefusedError as refused:
        raise ValueError(
            f'{source}: expected a pickle of plain values and numpy arrays, got one '
            f'that asks for {refused}; nothing of it was run'
        ) from None
    # A broken pickle can raise nearly anything.
    except Exception as error:
        raise ValueError(
            f'{source}: expected a pickle: {type(error).__name__}: {error}'
        ) from None
