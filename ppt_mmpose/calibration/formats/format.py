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
        fits: whether a document could be of this format; see `documents.document`.
        subjects: whether it holds several sets of cameras, one for each subject.
    """

    name: str
    description: str
    unit: str
    suffix: str
    recognised_by: str
    read: Callable[..., Calibration]
    write: Callable[[Calibration, Path], None]
    fits: Callable[[Path, Any], bool]
    subjects: bool = False
