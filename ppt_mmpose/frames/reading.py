"""The frames of one view: files of images, or a video that is read in order."""

import math
import re
from pathlib import Path
from typing import Dict, Iterable, Iterator, List, Optional, Tuple, Union

import cv2
import numpy as np
from numpy.typing import NDArray

IMAGE_SUFFIXES = ('.bmp', '.jpeg', '.jpg', '.png', '.tif', '.tiff', '.webp')
VIDEO_SUFFIXES = ('.avi', '.m4v', '.mkv', '.mov', '.mp4', '.mpeg', '.mpg', '.webm')

Image = NDArray[np.uint8]


def natural_order(stem: str) -> Tuple[List[Union[str, int]], str]:
    """Key to sort names by, in which ``frame_2`` comes before ``frame_10``."""
    parts = re.split(r'(\d+)', stem)
    return [int(part) if i % 2 else part for i, part in enumerate(parts)], stem


def is_image(path: Path) -> bool:
    """Whether a visible file has the name of an image."""
    return path.suffix.lower() in IMAGE_SUFFIXES and not path.name.startswith('.')


def is_video(path: Path) -> bool:
    """Whether a visible file has the name of a video."""
    return path.suffix.lower() in VIDEO_SUFFIXES and not path.name.startswith('.')


def images_in(folder: Path) -> Dict[str, Path]:
    """The images that lie in a folder, as `by_stem` gives them; others are ignored."""
    return by_stem(path for path in folder.iterdir() if is_image(path))


def by_stem(paths: Iterable[Path]) -> Dict[str, Path]:
    """Files by the stems of their names, in their natural order.

    Raises:
        ValueError: if two have the same stem.
    """
    found: Dict[str, Path] = {}
    for path in sorted(paths, key=lambda path: (natural_order(path.stem), path.name)):
        if path.stem in found:
            raise ValueError(
                f'{path}: expected one image of this name, got {found[path.stem].name} '
                'as well'
            )
        found[path.stem] = path
    return found


def read_image(path: Path) -> Image:
    """An image in colour, turned as its EXIF data say.

    Returns:
        ``(height, width, 3)``, uint8, BGR.

    Raises:
        ValueError: if it cannot be decoded.
    """
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError(f'{path}: expected an image that OpenCV can decode')
    return np.asarray(image, np.uint8)


class VideoFile:
    """A video, whose frames can be read once, in order, one in memory at a time.

    Args:
        path: of a file that OpenCV can read.

    Attributes:
        length: number of frames that the container tells, which may be wrong; None
            where it tells none.
        rate: frames a second; None where the container tells none.

    Raises:
        ValueError: if there is no such video.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise ValueError(f'{path}: expected a video, got no such file')
        self._capture = cv2.VideoCapture(str(path))
        if not self._capture.isOpened():
            raise ValueError(f'{path}: expected a video that OpenCV can read')
        count = self._capture.get(cv2.CAP_PROP_FRAME_COUNT)
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        self.length: Optional[int] = int(count) if count > 0 else None
        self.rate: Optional[float] = rate if rate > 0 and math.isfinite(rate) else None

    def __iter__(self) -> Iterator[Image]:
        return self.frames()

    def frames(self, start: int = 0, every: int = 1) -> Iterator[Image]:
        """Frames ``(height, width, 3)``, uint8, BGR; those between are not converted.

        Args:
            start: the first one, from 0.
            every: so many frames lie between two.
        """
        skipped = start
        while all(self._capture.grab() for _ in range(skipped)):
            read, frame = self._capture.read()
            if not read:
                return
            yield np.asarray(frame, np.uint8)
            skipped = every - 1
