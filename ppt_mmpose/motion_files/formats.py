"""The formats by the ending of a file's name."""

from pathlib import Path
from typing import Any, Callable, Dict, List, NamedTuple, Tuple, Type, Union

from .bvh import BvhWriter, read_bvh
from .csv_table import CsvWriter, read_csv
from .instant import Instant, Recording
from .json_list import JsonWriter, read_json
from .npz import NpzWriter, read_npz
from .trc import TrcWriter, read_trc
from .writer import MotionWriter


class MotionFormat(NamedTuple):
    """How a format is written and read."""

    writer: Type[MotionWriter]
    read: Callable[..., Tuple[Recording, List[Instant]]]


FORMATS: Dict[str, MotionFormat] = {
    '.npz': MotionFormat(NpzWriter, read_npz),
    '.csv': MotionFormat(CsvWriter, read_csv),
    '.json': MotionFormat(JsonWriter, read_json),
    '.trc': MotionFormat(TrcWriter, read_trc),
    '.bvh': MotionFormat(BvhWriter, read_bvh),
}


def open_writer(
    path: Union[str, Path], recording: Recording, **options: Any
) -> MotionWriter:
    """A writer of the format that the file's name ends with.

    Args:
        path: ends with one of `FORMATS`.
        recording: what holds for all instants.
        options: of the format's writer.

    Raises:
        ValueError: for another ending.
    """
    return _format_of(path).writer(path, recording, **options)


def read_motion(
    path: Union[str, Path], **options: Any
) -> Tuple[Recording, List[Instant]]:
    """Read a motion file of the format that its name ends with.

    What the format does not tell is empty: no views, no links.

    Args:
        path: ends with one of `FORMATS`.
        options: of the format's reader.

    Raises:
        ValueError: for another ending, or a file that is none of the format.
    """
    return _format_of(path).read(path, **options)


def _format_of(path: Union[str, Path]) -> MotionFormat:
    suffix = Path(path).suffix.lower()
    if suffix not in FORMATS:
        raise ValueError(
            f'{path}: expected a name that ends with one of {", ".join(FORMATS)}'
        )
    return FORMATS[suffix]
