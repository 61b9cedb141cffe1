"""An ``.npz`` whose arrays may hold pickled dictionaries, read without running any.

numpy refuses such files, or, with ``allow_pickle``, runs whatever is in them.
"""

import zipfile
from pathlib import Path
from typing import Any, BinaryIO, Dict

import numpy as np
from numpy.lib import format as npy

from ...calibration.plain_pickle import read_plain_pickle

_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def load_plain_npz(path: Path) -> Dict[str, Any]:
    """The arrays of a file; an array of one object is that object.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is no ``.npz``, or has a pickle of anything else than plain
            values and arrays of them.
    """
    if not path.is_file():
        raise FileNotFoundError(f'{path}: no such file')
    arrays = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                with archive.open(name) as file:
                    array = _read(file, f'{path}: {name}')  # type: ignore[arg-type]
                    arrays[name.removesuffix('.npy')] = array
    except zipfile.BadZipFile as error:
        raise ValueError(f'{path}: expected an .npz, got {error}') from None
    return arrays


def _read(file: BinaryIO, source: str) -> Any:
    version = npy.read_magic(file)
    if version not in _HEADERS:
        raise ValueError(f'{source}: expected version 1 or 2 of .npy, got {version}')
    shape, fortran, dtype = _HEADERS[version](file)
    if dtype.hasobject:
        value = read_plain_pickle(file, source, objects=True)
        is_one = isinstance(value, np.ndarray) and value.shape == ()
        return value.item() if is_one else value
    count = int(np.prod(shape))
    values = np.frombuffer(file.read(count * dtype.itemsize), dtype, count).copy()
    return values.reshape(shape[::-1]).T if fortran else values.reshape(shape)
