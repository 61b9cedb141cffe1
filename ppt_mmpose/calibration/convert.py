"""A calibration from one format to another, and what is wrong with it."""

from pathlib import Path
from typing import Dict, Optional, Sequence
from zipfile import BadZipFile

import numpy as np

from .files import read_calibration, write_calibration
from .formats import FORMATS
from .report import reprojection_report
from .units import Unit

_ARRAYS = ('keypoints_2d', 'scores', 'keypoints_3d')


def convert_calibration(
    source: Path,
    target: Optional[Path] = None,
    *,
    from_format: Optional[str] = None,
    to_format: Optional[str] = None,
    unit: Optional[Unit] = None,
    subject: Optional[str] = None,
    cameras: Optional[Sequence[str]] = None,
    keypoints: Optional[Path] = None,
    report: bool = False,
) -> str:
    """Read a calibration, check it, and write it.

    Args:
        source: a file, or a folder where the format is one of folders.
        target: the same, to write; None to write nothing.
        from_format: of the source; see `read_calibration`.
        to_format: of the target; see `write_calibration`.
        unit: of the lengths in the source; see `read_calibration`.
        subject: whose cameras; see `read_calibration`.
        cameras: names of those to keep, in this order; all by default.
        keypoints: an ``.npz`` with the arguments of `reprojection_report`.
        report: whether to tell all of the report, not only what is wrong.

    Returns:
        What was written, and the report, for people.

    Raises:
        FileNotFoundError: if a file is missing.
        ValueError: for a wrong file, naming it; for a calibration that the format
            cannot hold; if there is nothing to do.
    """
    if target is None and not report:
        raise ValueError('target: expected a path to write to, or a report, got None')
    if target is None and to_format is not None:
        raise ValueError(f'to_format: expected None without target, got {to_format!r}')
    calibration = read_calibration(
        source, format=from_format, unit=unit, subject=subject
    )
    if cameras is not None:
        calibration = calibration.select(cameras)
    arrays = {} if keypoints is None else read_keypoints(keypoints)
    found = reprojection_report(calibration, **arrays)
    lines = [str(found)] if report else [f'- {text}' for text in found.findings]
    if target is not None:
        write_calibration(calibration, target, format=to_format)
        lines.insert(0, f'written: {target} ({len(calibration)} cameras)')
    return '\n'.join(lines)


def read_keypoints(path: Path) -> Dict[str, np.ndarray]:
    """The arguments of `reprojection_report` from an ``.npz``.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: naming the file, if it is none or has other arrays.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
    # What numpy says of pickles, of single arrays, of nothing, and of other files.
    except (ValueError, TypeError, AttributeError, EOFError, BadZipFile) as error:
        raise ValueError(f'{path}: expected arrays in an .npz: {error}') from None
    if 'keypoints_2d' not in arrays or set(arrays) - set(_ARRAYS):
        raise ValueError(
            f'{path}: expected keypoints_2d, and perhaps scores and keypoints_3d, got '
            f'{", ".join(arrays) or "nothing"}'
        )
    return arrays


def list_formats() -> str:
    """A table of all formats, for people."""
    width = max(map(len, FORMATS))
    lines = [f'{"format":{width}}  unit  what it is; how it is told from others']
    lines += [
        f'{name:{width}}  {kind.unit:4}  {kind.description}; {kind.recognised_by}'
        for name, kind in FORMATS.items()
    ]
    return '\n'.join(lines)
