"""Training checkpoints of MMEngine 0.10 under torch's safe loading.

From torch 2.6 on, ``torch.load`` runs no code of a pickle unless it is listed.
MMEngine 0.10.7 does not list what its own training checkpoints hold (log buffers,
numpy scalars), so that resuming and testing fail. Exactly these are listed here;
everything else stays refused.

Not needed below torch 2.6; can go with an MMEngine that lists them itself (0.11).
"""

import re
from contextlib import contextmanager
from importlib import import_module
from pickle import UnpicklingError
from typing import Any, Iterator

import numpy as np
import torch
from mmengine.logging import HistoryBuffer
from mmengine.runner import CheckpointLoader
from mmengine.utils import digit_version


def _history_buffer_attribute(owner: object, name: str) -> Any:
    """``getattr``, for the one use a training checkpoint makes of it."""
    if owner is not HistoryBuffer or name.startswith('_'):
        raise UnpicklingError(
            f'refused: the checkpoint asks for attribute {name!r} of {owner!r}; '
            'expected a statistic of HistoryBuffer'
        )
    return getattr(owner, name)


def _empty_bytes() -> bytes:
    """``bytes``, for the one use of it: an empty array, as of no skeleton."""
    return b''


def _safe_globals() -> list:
    # numpy 2 moved the module; files hold the name of the numpy that wrote them.
    ours = '_core' if digit_version(np.__version__) >= digit_version('2') else 'core'
    numpy_core = import_module(f'numpy.{ours}.multiarray')
    return [
        HistoryBuffer,
        (_history_buffer_attribute, 'builtins.getattr'),
        (_empty_bytes, 'builtins.bytes'),
        np.ndarray,
        np.dtype,
        *(type(np.dtype(code)) for code in np.typecodes['AllInteger'] + '?efd'),
        *(
            (function, f'numpy.{home}.multiarray.{function.__name__}')
            for function in (numpy_core._reconstruct, numpy_core.scalar)
            for home in ('core', '_core')
        ),
    ]


def refusal(path: object, error: UnpicklingError) -> str:
    """What to say of a file that torch refused to load safely.

    Not torch's whole message, which recommends to switch the safety off.
    """
    found = re.search(r'Unsupported (?:\w+: GLOBAL|class) \S+', str(error))
    return (
        f'{path}: expected a checkpoint of plain tensors; refused, because it is none '
        f'or would run code{": " + found[0] if found else ""}'
    )


@contextmanager
def named_refusal(path: object) -> Iterator[None]:
    """Name the checkpoint that torch refuses to load.

    Raises:
        ValueError: in the place of torch's error.
    """
    try:
        yield
    except UnpicklingError as error:
        raise ValueError(refusal(path, error)) from None


def check_readable(path: str) -> Any:
    """Look whether a file is a checkpoint at all.

    Returns:
        Its content, on the CPU.

    Raises:
        ValueError: if it is none, or would run code.
    """
    try:
        return CheckpointLoader.load_checkpoint(path, map_location='cpu')
    except UnpicklingError as error:
        raise ValueError(refusal(path, error)) from None
    # What torch says of a text or a file that ends too early.
    except (KeyError, EOFError, IndexError, RuntimeError, ValueError) as error:
        raise ValueError(
            f'{path}: expected a checkpoint of plain tensors, got a file that torch '
            f'cannot read ({type(error).__name__}: {error})'
        ) from None


def apply() -> None:
    """List what MMEngine's checkpoints need. Idempotent."""
    if digit_version(torch.__version__) >= digit_version('2.6'):
        torch.serialization.add_safe_globals(_safe_globals())
