"""Sequences of 2D and 3D poses as files, and makers of such files."""

from .annotations import Sequence3D, Video, read_arrays, videos_of, write_arrays
from .cameras import read_cameras, write_cameras
from .h36m import make_h36m
from .humaneva import make_humaneva
from .windows import Window, window_at, window_starts

__all__ = [
    'Sequence3D',
    'Video',
    'Window',
    'make_h36m',
    'make_humaneva',
    'read_arrays',
    'read_cameras',
    'videos_of',
    'window_at',
    'window_starts',
    'write_arrays',
    'write_cameras',
]
