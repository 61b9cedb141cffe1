"""What the writers of all formats have in common."""

from abc import abstractmethod
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, TypeVar, Union

from .instant import Instant, Recording, check_fits

Writer = TypeVar('Writer', bound='MotionWriter')


class MotionWriter(AbstractContextManager):
    """Writes instants as they come, in memory that does not grow with them.

    Within ``with``, an error or Ctrl-C leaves a valid file of the instants that were
    written. Folders that are missing are made. Nothing is touched until the first
    instant comes: without any there is no new file, and an old one stays. (A file of
    none would be one that other programs do not expect: OpenSim never returns from it.)

    Args:
        path: where to write.
        recording: what holds for all instants.
    """

    def __init__(self, path: Union[str, Path], recording: Recording) -> None:
        self.path = Path(path)
        self.recording = recording
        self._begun = False
        self._closed = False

    def write(self, instant: Instant) -> None:
        """Add an instant.

        Raises:
            ValueError: if it does not fit the recording, or the writer is closed.
        """
        if self._closed:
            raise ValueError(
                f'{self.path}: expected instants before close(), got {instant.name}'
            )
        check_fits(self.recording, [instant])
        if not self._begun:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._begin()
            self._begun = True
        self._append(instant)

    def close(self) -> None:
        """Finish the file; a second time, nothing."""
        unfinished = self._begun and not self._closed
        self._closed = True
        if unfinished:
            self._end()

    def __exit__(self, *error: object) -> None:
        self.close()

    @abstractmethod
    def _begin(self) -> None:
        """Open what is needed, before the first instant."""

    @abstractmethod
    def _append(self, instant: Instant) -> None:
        """Write an instant that fits."""

    @abstractmethod
    def _end(self) -> None:
        """Finish and close what `_begin` opened."""


class WholePieces:
    """A text file that ends with a whole piece, even where writing was interrupted.

    Pieces are on the disk when `write` returns, so others may read while it grows.

    Args:
        path: is replaced.
    """

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open('wb')
        self._end = 0

    @property
    def length(self) -> int:
        """Of the whole pieces, bytes."""
        return self._end

    def write(self, piece: str) -> None:
        """Add a piece, in UTF-8."""
        content = piece.encode()
        self._file.seek(self._end)
        self._file.write(content)
        self._file.flush()
        self._end += len(content)

    def overwrite(self, start: int, piece: str) -> None:
        """Put a piece over one of the same length that begins at this byte."""
        self._file.seek(start)
        self._file.write(piece.encode())

    def close(self) -> None:
        """Cut off what is not whole."""
        self._file.seek(self._end)
        self._file.truncate()
        self._file.close()
