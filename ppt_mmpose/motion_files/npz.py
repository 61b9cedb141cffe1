"""Motion as one NumPy file, with everything that an instant tells.

`numpy.load` reads it without pickle. Its arrays, with T instants:

==============  =============  =======================================================
camera_names    ``(V,)``       text
keypoint_names  ``(J,)``       text
links           ``(L, 2)``     int64, pairs of keypoints
rate            ``()``         float64, instants a second
index           ``(T,)``       int64
names           ``(T,)``       text
keypoints_3d    ``(T, J, 3)``  float64, m, world
found           ``(T, J)``     bool
keypoints_2d    (T, V, J, 2)   float32, px
scores          ``(T, V, J)``  float32
errors          ``(T, V, J)``  float32, px
used            ``(T, V, J)``  bool
boxes           ``(T, V, 4)``  float32, px, left, top, right, bottom
seen            ``(T, V)``     bool
==============  =============  =======================================================
"""

import json
import os
import shutil
import zipfile
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, BinaryIO, Dict, List, TextIO, Tuple, Union

import numpy as np
from numpy.lib import format as npy

from .instant import Instant, Recording
from .writer import MotionWriter

_FIELDS = dict(
    index=np.int64,
    keypoints_3d=np.float64,
    found=np.bool_,
    keypoints_2d=np.float32,
    scores=np.float32,
    errors=np.float32,
    used=np.bool_,
    boxes=np.float32,
    seen=np.bool_,
)
_OF_RECORDING = ('camera_names', 'keypoint_names', 'links', 'rate')
_NAMES_AT_ONCE = 1024


class NpzWriter(MotionWriter):
    """Writes `motion_files.npz`.

    Until it is closed, arrays lie in a hidden folder beside the file, which then
    appears in one step. Where the process is killed, the old file is still there, and
    the hidden folder is left.
    """

    def _begin(self) -> None:
        self._folder = TemporaryDirectory(
            prefix=f'.{self.path.name}.', dir=self.path.parent
        )
        parts = Path(self._folder.name)
        self._arrays: Dict[str, BinaryIO] = {
            name: (parts / name).open('wb+') for name in _FIELDS
        }
        # Arrays of text need the length of the longest, which comes last.
        self._names: TextIO = (parts / 'names').open('w+', encoding='utf-8')
        self._count = self._longest = 0

    def _append(self, instant: Instant) -> None:
        for name, dtype in _FIELDS.items():
            value = np.asarray(getattr(instant, name), dtype)
            self._arrays[name].write(value.tobytes())
        self._names.write(json.dumps(instant.name) + '\n')
        self._longest = max(self._longest, len(instant.name))
        self._count += 1

    def _end(self) -> None:
        whole = Path(self._folder.name) / 'whole'
        try:
            with zipfile.ZipFile(whole, 'w') as archive:
                self._write_recording(archive)
                self._write_names(archive)
                for name in _FIELDS:
                    self._write_array(archive, name)
            os.replace(whole, self.path)
        finally:
            self._names.close()
            for array in self._arrays.values():
                array.close()
            self._folder.cleanup()

    def _write_recording(self, archive: zipfile.ZipFile) -> None:
        known = self.recording
        arrays = dict(
            camera_names=np.array(known.camera_names, dtype=str),
            keypoint_names=np.array(known.keypoint_names, dtype=str),
            links=np.array(known.links, dtype=np.int64).reshape(-1, 2),
            rate=np.array(known.rate, dtype=np.float64),
        )
        for name, array in arrays.items():
            with archive.open(f'{name}.npy', 'w') as member:
                npy.write_array(member, array, allow_pickle=False)

    def _write_names(self, archive: zipfile.ZipFile) -> None:
        dtype = np.dtype(f'<U{max(self._longest, 1)}')
        self._names.seek(0)
        lines = islice(self._names, self._count)
        with archive.open('names.npy', 'w', force_zip64=True) as member:
            _write_header(member, dtype, (self._count,))
            while some := [json.loads(line) for line in islice(lines, _NAMES_AT_ONCE)]:
                member.write(np.array(some, dtype=dtype).tobytes())

    def _write_array(self, archive: zipfile.ZipFile, name: str) -> None:
        shape = _shape(name, self.recording)
        dtype = np.dtype(_FIELDS[name]).newbyteorder('<')
        source = self._arrays[name]
        # An instant that was interrupted is in some of the files.
        source.truncate(self._count * int(np.prod(shape)) * dtype.itemsize)
        source.seek(0)
        with archive.open(f'{name}.npy', 'w', force_zip64=True) as member:
            _write_header(member, dtype, (self._count, *shape))
            shutil.copyfileobj(source, member)


def read_npz(path: Union[str, Path]) -> Tuple[Recording, List[Instant]]:
    """Read what `NpzWriter` wrote.

    Raises:
        ValueError: for a file that is none or lacks an array, naming it.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in (*_OF_RECORDING, 'names', *_FIELDS)}
    except (KeyError, ValueError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(
            f'{path}: expected a motion file in npz, got {error}'
        ) from None
    recording = Recording(
        tuple(arrays['camera_names'].tolist()),
        tuple(arrays['keypoint_names'].tolist()),
        tuple((int(a), int(b)) for a, b in arrays['links']),
        float(arrays['rate']),
    )
    rows = zip(arrays['names'].tolist(), *(arrays[name] for name in _FIELDS))
    instants = []
    for name, index, *values in rows:
        fields = dict(zip(list(_FIELDS)[1:], values))
        instants.append(Instant(int(index), name, **fields))
    return recording, instants


def _shape(name: str, recording: Recording) -> Tuple[int, ...]:
    views, keypoints = len(recording.camera_names), len(recording.keypoint_names)
    return dict(
        index=(),
        keypoints_3d=(keypoints, 3),
        found=(keypoints,),
        keypoints_2d=(views, keypoints, 2),
        boxes=(views, 4),
        seen=(views,),
    ).get(name, (views, keypoints))


def _write_header(member: IO[bytes], dtype: np.dtype, shape: Tuple[int, ...]) -> None:
    header = dict(descr=npy.dtype_to_descr(dtype), fortran_order=False, shape=shape)
    npy.write_array_header_1_0(member, header)
