"""What is known of a format of calibrations."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

from ..calibration import Calibration


@dataclass(frozen=True)
class Format:
    """A format, and how it is read, written and told from others.

    Attributes:
        name: as users give it.
        description: whose format it is, in a few words.
        unit: of its lengths: ``'m'``, ``'cm'`` or ``'mm'``.
        suffix: of its files, as ``'.toml'``; empty for a folder.
        recognised_by: what tells it from the others, in words.
        read: from a path, and lengths in a unit (``unit=``); where ``subjects``, of one
            subject (``subject=``), too.
        write: a calibration to a path, in the format's own unit.
        fits: whether a file with its suffix, or a folder, is of this format: from what
            `documents` reads of the file, or the names of the files in the folder. One
            camera that looks right is enough, so that reading names what is wrong with
            the others.
        subjects: whether it holds several sets of cameras, one for each subject.
    """

    name: str
    description: str
    unit: str
    suffix: str
    recognised_by: str
    read: Callable[..., Calibration]
    write: Callable[[Calibration, Path], None]
    fits: Callable[[Any], bool]
    subjects: bool = False

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder of files."""
        return not self.suffix
