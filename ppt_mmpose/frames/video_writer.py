"""Pictures as a video, written as they come."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Optional, Tuple, Union

import cv2

from .reading import Image

# What the published wheels of OpenCV can write: MPEG-4 part 2, and VP8, which browsers
# can show.
_CODECS = {'.mp4': 'mp4v', '.webm': 'VP80'}


class VideoWriter(AbstractContextManager):
    """An mp4 or webm file; within ``with``, an error leaves what was written.

    Folders that are missing are made. Without any picture there is no file. The codec
    takes even sizes: an odd one grows by a copy of the last row or column.

    Args:
        path: ends with ``.mp4``, or with ``.webm`` for browsers; replaced when the
            first picture comes.
        rate: pictures a second.

    Raises:
        ValueError: for another ending, or a rate that is none.
    """

    def __init__(self, path: Union[str, Path], rate: float) -> None:
        self.path = Path(path)
        if self.path.suffix.lower() not in _CODECS:
            endings = ' or '.join(_CODECS)
            raise ValueError(f'{path}: expected a name that ends with {endings}')
        if not rate > 0:
            raise ValueError(f'rate: expected pictures a second, got {rate}')
        self.rate = rate
        self._video: Optional[cv2.VideoWriter] = None
        self._size: Tuple[int, int] = (0, 0)

    def write(self, picture: Image) -> None:
        """Add a picture.

        Args:
            picture: ``(height, width, 3)``, uint8, RGB.

        Raises:
            ValueError: if its size is not that of the first one.
            OSError: if the file cannot be written.
        """
        size = (picture.shape[1], picture.shape[0])
        if self._video is None:
            self._size = size
            self._video = self._opened()
        if size != self._size:
            raise ValueError(
                f'{self.path}: expected a picture of '
                f'{self._size[0]}x{self._size[1]} px like the first, got '
                f'{size[0]}x{size[1]}'
            )
        bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
        down, right = size[1] % 2, size[0] % 2
        even = cv2.copyMakeBorder(bgr, 0, down, 0, right, cv2.BORDER_REPLICATE)
        self._video.write(even)

    def close(self) -> None:
        """Finish the file; a second time, nothing."""
        if self._video is not None:
            self._video.release()

    def __exit__(self, *error: object) -> None:
        self.close()

    def _opened(self) -> cv2.VideoWriter:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        name = _CODECS[self.path.suffix.lower()]
        codec = cv2.VideoWriter.fourcc(*name)
        width, height = (length + length % 2 for length in self._size)
        video = cv2.VideoWriter(str(self.path), codec, self.rate, (width, height))
        if not video.isOpened():
            raise OSError(
                f'{self.path}: OpenCV cannot write {width}x{height} px with the codec '
                f'{name} there; is the folder writable, and is OpenCV built with '
                'FFmpeg?'
            )
        return video
