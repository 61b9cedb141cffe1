"""Pictures one after another, as single files or as a video."""

from pathlib import Path
from typing import Optional

import cv2

from .reading import Image
from .video_writer import VideoWriter


class PictureFiles:
    """Pictures as files of a folder, or as one video.

    Args:
        path: of the folder; the video gets ``.mp4`` behind it.
        rate: pictures a second, for a video; None for single files.
    """

    def __init__(self, path: Path, rate: Optional[float]) -> None:
        self._folder = path
        self._video: Optional[VideoWriter] = None
        if rate is not None:
            self._video = VideoWriter(path.with_name(f'{path.name}.mp4'), rate)

    def write(self, name: str, picture: Image) -> None:
        """Add a picture ``(height, width, 3)``, RGB."""
        if self._video is not None:
            self._video.write(picture)
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f'{name}.jpg'
        coded = cv2.imencode('.jpg', cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))[1]
        path.write_bytes(coded.tobytes())

    def close(self) -> None:
        """Finish the video."""
        if self._video is not None:
            self._video.close()
