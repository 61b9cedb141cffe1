"""How the frames of a recording are written: as images, or as videos."""

import shutil
from pathlib import Path
from typing import Dict, Optional, Protocol, Tuple, Union

import cv2

from ...frames.reading import Image, read_image

# An image file that may stay as it is, or a frame of a video.
Frame = Union[Path, Image]

QUALITY = 95  # of JPEG files


def link_or_copy(source: Path, target: Path, copy: bool) -> None:
    """Make a file be at another place as well.

    Args:
        source: the file.
        target: must not exist.
        copy: write a second file, not a symbolic link.
    """
    if copy:
        shutil.copyfile(source, target)
    else:
        target.symlink_to(source.resolve())


class FrameWriter(Protocol):
    """Takes the frames of all cameras, instant by instant."""

    def write(self, camera: str, instant: str, frame: Optional[Frame]) -> None:
        """Take a frame; None where the camera lacks it."""

    def close(self) -> None:
        """Finish all files."""


class ImageWriter:
    """Writes ``<camera>/<instant>.jpg``; image files keep their format.

    Args:
        folder: where the folders of the cameras are made.
        copy: whether image files are copied; they are linked otherwise.
    """

    def __init__(self, folder: Path, *, copy: bool) -> None:
        self.folder = folder
        self.copy = copy

    def write(self, camera: str, instant: str, frame: Optional[Frame]) -> None:
        """Write a frame; none leaves a gap."""
        if frame is None:
            return
        folder = self.folder / camera
        folder.mkdir(exist_ok=True)
        if isinstance(frame, Path):
            link_or_copy(frame, folder / f'{instant}{frame.suffix}', self.copy)
            return
        coded = cv2.imencode('.jpg', frame, (cv2.IMWRITE_JPEG_QUALITY, QUALITY))[1]
        (folder / f'{instant}.jpg').write_bytes(coded.tobytes())

    def close(self) -> None:
        """Nothing is open."""


class VideoWriter:
    """Encodes ``<camera>.mp4``.

    Args:
        folder: where they are made.
        rate: frames a second.
    """

    def __init__(self, folder: Path, rate: float) -> None:
        self.folder = folder
        self.rate = rate
        self._writers: Dict[str, Tuple[cv2.VideoWriter, Tuple[int, ...]]] = {}

    def write(self, camera: str, instant: str, frame: Optional[Frame]) -> None:
        """Encode a frame.

        Raises:
            ValueError: if there is none, or if its size is another than before.
        """
        where = f'camera {camera!r}, instant {instant}'
        if frame is None:
            raise ValueError(f'{where}: expected an image, as videos have no gaps')
        image = read_image(frame) if isinstance(frame, Path) else frame
        if camera not in self._writers:
            self._writers[camera] = self._opened(camera, image), image.shape
        writer, shape = self._writers[camera]
        # OpenCV leaves such a frame out and says nothing.
        if image.shape != shape:
            raise ValueError(
                f'{where}: expected the size of the first image, '
                f'{shape[1]}x{shape[0]}, got {image.shape[1]}x{image.shape[0]}'
            )
        writer.write(image)

    def _opened(self, camera: str, image: Image) -> cv2.VideoWriter:
        path = self.folder / f'{camera}.mp4'
        height, width = image.shape[:2]
        code = cv2.VideoWriter.fourcc(*'mp4v')
        writer = cv2.VideoWriter(str(path), code, self.rate, (width, height))
        if not writer.isOpened():
            raise ValueError(
                f'{path}: OpenCV has no encoder for mp4 here; write images instead'
            )
        return writer

    def close(self) -> None:
        """Finish all videos."""
        for writer, _ in self._writers.values():
            writer.release()
