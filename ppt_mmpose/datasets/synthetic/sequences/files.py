"""Moving people as Human3.6M's files are in MMPose: for lifters."""

import io
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Dict, Tuple

import numpy as np
from rich.progress import track

from ..finished import holds
from ..processes import mapping
from .detector import Detector
from .joints import JOINTS
from .labels import Rows, camera_name, camera_param, joined, video_rows
from .sequence import SequencePlan

# Counts up when the same plan makes other sequences than before.
EDITION = 1
_VAL = 1  # stream; training has the plan's own
CAMERAS = 'cameras.json'

Task = Tuple[SequencePlan, Detector, int, str]


def make_sequences(
    folder: str,
    plan: SequencePlan,
    *,
    train: int = 160,
    val: int = 40,
    detector: Detector = Detector(),  # noqa: B008, it is frozen
    workers: int = 1,
) -> Dict[str, str]:
    """Make two sets of sequences that share no person, and write them.

    ``annotations/{train,val}.npz`` have the arrays of :class:`.labels.Rows`, and the
    names of the joints; ``detections/{train,val}.npy`` what the detector found;
    ``cameras.json`` the cameras by ``S1.C1``; ``annotations/{train,val}.json`` who is
    in it. The last is written last: a set that has it is whole, and is left alone when
    it is asked for again. The same plan gives the same bytes with any workers.

    Args:
        folder: made where it is missing.
        plan: what is made, with stream 0.
        train: sequences to train on; subjects are numbered from 1.
        val: sequences to evaluate on, of another stream; numbered after those.
        detector: finds the joints in images.
        workers: processes.

    Returns:
        The annotation file of every set.

    Raises:
        ValueError: if a number is out of range, or the folder holds another set.
    """
    for name, value in dict(train=train, val=val, workers=workers).items():
        if value < 1:
            raise ValueError(f'{name}: expected 1 or more, got {value}')
    if plan.stream != 0:
        raise ValueError(f'plan.stream: expected 0, got {plan.stream}')
    root = Path(folder)
    sets = {
        'train': (plan, train, 1),
        'val': (replace(plan, stream=_VAL), val, train + 1),
    }
    missing = []
    for name, (its, count, first) in sets.items():
        info = dict(
            description=f'Drawn sequences, {name}',
            edition=EDITION,
            count=count,
            first_subject=first,
            **asdict(its),
            detector=asdict(detector),
        )
        if not holds(root / 'annotations' / f'{name}.json', info):
            missing.append((name, its, info))
    if missing:
        _write(root / CAMERAS, json.dumps(_cameras(sets)).encode())
    for name, its, info in missing:
        _make_set(root, name, its, detector, info, workers)
    return {name: str(root / 'annotations' / f'{name}.npz') for name in sets}


def describe(annotations: str) -> str:
    """What is in a set, and how far its detections are from the truth.

    Args:
        annotations: a file as :func:`make_sequences` writes it.
    """
    path = Path(annotations)
    labels = np.load(path)
    found = np.load(path.parents[1] / 'detections' / f'{path.stem}.npy')
    errors = np.linalg.norm(found[..., :2] - labels['part'][..., :2], axis=-1)
    return (
        f'{len(errors)} frames; detections are off by {np.median(errors):.1f} px '
        f'(median), {errors.mean():.1f} px (mean); the body hides '
        f'{labels["hidden"].mean():.1%} of its joints'
    )


def _cameras(sets: Dict[str, Tuple[SequencePlan, int, int]]) -> Dict[str, Any]:
    """Those of all sequences, by ``S1.C1``."""
    return {
        f'S{first + index}.{camera_name(number)}': camera_param(camera)
        for plan, count, first in sets.values()
        for index in range(count)
        for number, camera in enumerate(plan.draw(index).cameras)
    }


def _make_set(
    root: Path,
    name: str,
    plan: SequencePlan,
    detector: Detector,
    info: Dict[str, Any],
    workers: int,
) -> None:
    tasks = [
        (plan, detector, index, f'S{info["first_subject"] + index}')
        for index in range(info['count'])
    ]
    with mapping(workers, chunk=4) as mapped:
        made = track(mapped(_make_one, tasks), info['description'], total=len(tasks))
        people, rows = zip(*made)
    everything = joined(list(rows))._asdict()
    detections = everything.pop('detections')
    _write(root / 'detections' / f'{name}.npy', _bytes(np.save, detections))
    annotations = root / 'annotations' / name
    everything['keypoint_names'] = np.array(JOINTS)
    _write(annotations.with_suffix('.npz'), _bytes(np.savez, **everything))
    content = dict(info=info, sequences=list(people))
    _write(annotations.with_suffix('.json'), json.dumps(content).encode())


def _make_one(task: Task) -> Tuple[Dict[str, Any], Rows]:
    plan, detector, index, subject = task
    sequence = plan.draw(index)
    rows = [
        video_rows(sequence, camera, subject=subject, detector=detector)
        for camera in range(plan.cameras)
    ]
    build = sequence.character.build
    person = dict(subject=subject, action=sequence.action, **asdict(build))
    return person, joined(rows)


def _bytes(save: Any, *arrays: Any, **named: Any) -> bytes:
    buffer = io.BytesIO()
    save(buffer, *arrays, **named)
    return buffer.getvalue()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix('.part')
    unfinished.write_bytes(content)
    unfinished.replace(path)
