"""Reading and writing calibrations of any known format."""

from pathlib import Path
from typing import Any, List, Optional, Tuple, Union

from .calibration import Calibration
from .documents import read_json, read_text, read_toml
from .formats import FORMATS, Format
from .plain_pickle import load_plain_pickle
from .units import Unit

_READERS = {
    '.toml': read_toml,
    '.json': read_json,
    '.pkl': load_plain_pickle,
    '.pickle': load_plain_pickle,
    '.txt': read_text,
}
_OTHER_SUFFIXES = {'.pickle': '.pkl'}


def format_names() -> List[str]:
    """The names of all formats."""
    return list(FORMATS)


def read_calibration(
    path: Union[str, Path],
    *,
    format: Optional[str] = None,
    unit: Optional[Unit] = None,
    subject: Optional[str] = None,
) -> Calibration:
    """Read the cameras of a recording.

    Args:
        path: of a file, or of a folder where the format is one of folders.
        format: one of `format_names`; without it, told by name and content.
        unit: of the lengths in the file, ``'m'``, ``'cm'``, ``'mm'`` or a number of
            metres; by default the format's. With Anipose and Lightning Pose it is that
            in which the squares of the board were measured, mm by default.
        subject: whose cameras, as ``'S1'``, in a file with those of several people;
            the cameras are then named without it.

    Returns:
        The cameras in metres, in the order of the file.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if no format or more than one fits; if the file is wrong, naming
            file, camera and field; for a subject where the format knows none.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f'calibration: no such file or folder: {path}')
    chosen = _named(format) if format else recognised(path)
    _expect_kind(path, chosen)
    options: dict = dict(unit=chosen.unit if unit is None else unit)
    if chosen.subjects:
        options['subject'] = subject
    elif subject is not None:
        raise ValueError(
            f'subject: expected None, because the format {chosen.name!r} of {path} has '
            f'no subjects, got {subject!r}'
        )
    return chosen.read(path, **options)


def write_calibration(
    calibration: Calibration, path: Union[str, Path], *, format: Optional[str] = None
) -> None:
    """Write the cameras of a recording, in the unit of the format.

    Args:
        calibration: the cameras.
        path: of a file, or of a folder where the format is one of folders.
        format: one of `format_names`; without it, that of the file's suffix, if only
            one has it.

    Raises:
        ValueError: if the format cannot be told, or cannot hold a camera, naming it;
            for a folder in the place of a file, or a file in that of a folder.
    """
    path = Path(path)
    chosen = _named(format) if format else _of_suffix(path)
    if path.exists():
        _expect_kind(path, chosen)
    chosen.write(calibration, path)


def recognised(path: Path) -> Format:
    """The format of a file or folder, by name and content.

    Raises:
        ValueError: if no format or more than one fits.
    """
    suffix, document = _document(path)
    found = [
        kind
        for kind in FORMATS.values()
        if kind.suffix == suffix and kind.fits(document)
    ]
    if len(found) == 1:
        return found[0]
    state = 'fits more than one' if found else 'is not that of a known format'
    names = [
        f'{kind.name} (a folder)' if kind.is_folder else kind.name
        for kind in found or FORMATS.values()
    ]
    raise ValueError(
        f'{path}: the content {state}; give the format: {", ".join(names)}'
    )


def _document(path: Path) -> Tuple[Optional[str], Any]:
    """The suffix of formats that come into question, and what they are told by."""
    if path.is_dir():
        return '', {entry.name for entry in path.iterdir()}
    suffix = path.suffix.lower()
    if suffix not in _READERS:
        return None, None
    return _OTHER_SUFFIXES.get(suffix, suffix), _READERS[suffix](path)


def _expect_kind(path: Path, chosen: Format) -> None:
    if path.is_dir() != chosen.is_folder:
        kinds = ('a file', 'a folder')
        raise ValueError(
            f'{path}: expected {kinds[chosen.is_folder]}, which the format '
            f'{chosen.name!r} is, got {kinds[path.is_dir()]}'
        )


def _named(name: str) -> Format:
    if name not in FORMATS:
        raise ValueError(f'format: expected one of {", ".join(FORMATS)}, got {name!r}')
    return FORMATS[name]


def _of_suffix(path: Path) -> Format:
    suffix = path.suffix.lower()
    found = [kind for kind in FORMATS.values() if kind.suffix == suffix]
    if len(found) == 1:
        return found[0]
    raise ValueError(
        f'format: expected one of '
        f'{", ".join(kind.name for kind in found or FORMATS.values())} for {path}, got '
        'None'
    )
