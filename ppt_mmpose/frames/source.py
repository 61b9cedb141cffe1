"""What one view may be given as."""

from collections.abc import Iterable, Sequence, Sized
from pathlib import Path
from typing import Any, Dict, Iterator, Optional, Protocol, Tuple, Union

import numpy as np

from .reading import (
    Image,
    VideoFile,
    by_stem,
    images_in,
    is_image,
    is_video,
    read_image,
)

Files = Dict[str, Path]


class Stream(Protocol):
    """Frames in order: a video, arrays, or a single image.

    Attributes:
        length: number of frames; None where it is not known before the end.
        rate: frames a second; None where it is not known.
    """

    length: Optional[int]
    rate: Optional[float]

    def __iter__(self) -> Iterator[Any]: ...


class Frames:
    """Frames that are in memory, or that an iterator makes one by one.

    Args:
        frames: images; None where the view has none at this instant.
    """

    rate: Optional[float] = None

    def __init__(self, frames: Iterable) -> None:
        self.length = len(frames) if isinstance(frames, Sized) else None
        self._frames = frames

    def __iter__(self) -> Iterator[Any]:
        return iter(self._frames)


class ImageFiles:
    """Images one after another.

    Args:
        paths: of them, in order.
    """

    rate: Optional[float] = None

    def __init__(self, paths: Iterable[Path]) -> None:
        self.paths = list(paths)
        self.length: Optional[int] = len(self.paths)

    def __iter__(self) -> Iterator[Any]:
        return map(read_image, self.paths)


FrameSource = Union[Files, Stream]


def frame_source(source: Any) -> FrameSource:
    """What the frames of a view are read from.

    Args:
        source: a folder of images, a list of image files, a video file, an image file,
            a list or an iterator of images in memory, or one such image.

    Returns:
        Files by stem for a folder or a list of files, else frames in order.

    Raises:
        ValueError: if it is nothing of this, or has no frame.
    """
    if isinstance(source, (str, Path)):
        return _of_path(Path(source))
    if isinstance(source, np.ndarray) and source.ndim == 3:
        return Frames([source])
    if not isinstance(source, Iterable):
        raise ValueError(
            'expected a folder, a video, image files or images in memory, got '
            f'{type(source).__name__}'
        )
    if isinstance(source, Sized) and len(source) == 0:
        raise ValueError('expected one frame or more, got none')
    if isinstance(source, Sequence) and isinstance(source[0], (str, Path)):
        return _of_list(source)
    return Frames(source)


def frame_stream(source: Any) -> Stream:
    """The frames of one camera in order, whatever they are in.

    Args:
        source: see `frame_source`; files are taken in the natural order of their names.

    Raises:
        ValueError: see `frame_source`.
    """
    found = frame_source(source)
    return ImageFiles(found.values()) if isinstance(found, dict) else found


def same_size(frames: Iterable[Any]) -> Iterator[Image]:
    """Frames as they come, as long as they are images of one size.

    Raises:
        ValueError: naming the first frame that is none, or has another size.
    """
    shape: Optional[Tuple[int, ...]] = None
    for number, frame in enumerate(frames):
        check_frame(frame, number, shape)
        shape = frame.shape
        yield frame


def check_frame(frame: Any, number: int, shape: Optional[Tuple[int, ...]]) -> None:
    """Refuse what is no image of uint8 in colour, or has another size.

    Args:
        frame: anything.
        number: of the frame.
        shape: of those before; None of the first.

    Raises:
        ValueError: naming the frame.
    """
    if not isinstance(frame, np.ndarray) or frame.dtype != np.uint8:
        got = getattr(frame, 'dtype', type(frame).__name__)
        raise ValueError(f'frame {number}: expected an image of uint8, got {got}')
    whole = frame.ndim == 3 and frame.shape[2] == 3
    if not whole or shape not in (None, frame.shape):
        expected = shape or ('height', 'width', 3)
        raise ValueError(
            f'frame {number}: expected an image {expected}, got {frame.shape}'
        )


def _of_path(path: Path) -> FrameSource:
    if path.is_dir():
        images = images_in(path)
        if not images:
            raise ValueError(f'{path}: expected a folder of images, got none in it')
        return images
    if not path.exists():
        raise ValueError(f'{path}: expected a folder or a file, got none')
    if is_image(path):
        return ImageFiles([path])
    if is_video(path):
        return VideoFile(path)
    raise ValueError(f'{path}: expected an image or a video, got {path.suffix!r}')


def _of_list(paths: Sequence) -> Files:
    for path in paths:
        if not isinstance(path, (str, Path)) or not is_image(Path(path)):
            raise ValueError(f'expected image files only, got {str(path)[:80]!r}')
        if not Path(path).is_file():
            raise ValueError(f'{path}: expected an image, got no such file')
    return by_stem(map(Path, paths))
