"""Which frames of a video a window of T frames shows."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]


class Window(NamedTuple):
    """Frames of a video.

    Attributes:
        frames: ``(T,)``, numbers in the video; beyond its ends, the last or the first.
        padded: ``(T,)``, whether a frame stands in for one beyond the video.
    """

    frames: Whole
    padded: NDArray[np.bool_]


def window_starts(length: int, frames: int, stride: int) -> Whole:
    """Where windows begin that together show each frame of a video.

    As in the released code of VideoPose3D and those after it: the video is cut into
    chunks of ``stride`` frames, which, as a whole, are centred on it; a window is a
    chunk with as many frames on either side as make it T. With ``stride=frames``,
    windows do not overlap; with ``stride=1``, frame f is number ``T // 2`` of window f.

    Args:
        length: frames of the video, at least one.
        frames: T.
        stride: 1 to T.

    Returns:
        ``(windows,)``; negative where a window begins before the video.

    Raises:
        ValueError: for numbers out of their range.
    """
    if frames < 1:
        raise ValueError(f'frames: expected 1 or more, got {frames}')
    if not 1 <= stride <= frames:
        raise ValueError(
            f'stride: expected 1 to {frames}, the frames of a window, because no frame '
            f'may be left out, got {stride}'
        )
    chunks = -(-length // stride)
    before = (chunks * stride - length) // 2 + (frames - stride + 1) // 2
    return np.arange(chunks) * stride - before


def window_at(start: int, frames: int, length: int) -> Window:
    """The T frames from a start on, in a video of a length."""
    wanted = np.arange(start, start + frames)
    shown = wanted.clip(0, length - 1)
    return Window(shown, shown != wanted)
