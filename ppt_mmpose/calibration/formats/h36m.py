"""``cameras.pkl`` of Human3.6M, as MMPose's preparation of the dataset writes it.

A pickled dictionary: ``(subject, camera id)``, as ``('S1', '54138969')``, to a camera
in MMPose's spelling (`formats.centred`), in metres. The cameras were moved between the
subjects, so each has its own four; all of them are called ``S1_54138969`` and so on,
those of one subject by their ids.

Nothing in the pickle is run (`plain_pickle`).
"""

import pickle
from pathlib import Path
from typing import Any, Dict, Optional

from ..calibration import Calibration
from ..checks import checked_calibration
from ..plain_pickle import load_plain_pickle
from ..record import CameraRecord, records_of
from ..units import Unit
from .centred import simple_camera, simple_camera_values
from .format import Format

UNIT = 'm'


def read(
    path: Path, unit: Unit = UNIT, *, subject: Optional[str] = None
) -> Calibration:
    """Read a file.

    Args:
        path: of the file.
        unit: of its lengths.
        subject: whose cameras; without it, all.

    Raises:
        ValueError: naming the file, the camera and the field; for a subject that it
            does not have; for a pickle that asks for code.
    """
    document = load_plain_pickle(path)
    if not has_subjects(document):
        raise ValueError(
            f'{path}: expected a dictionary of (subject, camera id), as '
            f"('S1', '54138969')"
        )
    subjects = sorted({owner for owner, _ in document})
    if subject is not None and subject not in subjects:
        raise ValueError(
            f'{path}: subject: expected one of {", ".join(subjects)}, got {subject!r}'
        )
    records = []
    for (owner, camera), values in document.items():
        if subject in (None, owner):
            name = f'{owner}_{camera}' if subject is None else camera
            records.append(simple_camera(values, name, f'{path}, camera {name!r}'))
    return checked_calibration(records, path, unit)


def write(calibration: Calibration, path: Path) -> None:
    """Write a file, in m.

    Raises:
        ValueError: for a name without subject, a camera without image size, skew, or
            more than eight distortion coefficients.
    """
    cameras: Dict[Any, Any] = {}
    for record in records_of(calibration, UNIT):
        subject, separator, camera = record.name.partition('_')
        if not (subject and separator and camera):
            raise ValueError(
                f'name of camera {record.name!r}: expected SUBJECT_ID, as S1_54138969'
            )
        cameras[subject, camera] = _values(record, camera)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(cameras, protocol=3))


def _values(record: CameraRecord, camera: str) -> Dict[str, Any]:
    width, height = record.known_size()
    values: Dict[str, Any] = dict(simple_camera_values(record))
    return {**values, 'w': width, 'h': height, 'name': record.name, 'id': camera}


def has_subjects(document: Any) -> bool:
    """Whether a pickle holds something by subject and id."""
    return (
        isinstance(document, dict)
        and bool(document)
        and all(
            isinstance(key, tuple)
            and len(key) == 2
            and all(isinstance(part, str) for part in key)
            for key in document
        )
    )


FORMAT = Format(
    name='h36m',
    description="MMPose's Human3.6M, cameras.pkl",
    unit=UNIT,
    suffix='.pkl',
    recognised_by='a pickle of (subject, camera id)',
    read=read,
    write=write,
    fits=has_subjects,
    subjects=True,
)
