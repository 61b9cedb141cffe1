"""Drawn views as folders of plain files, with exact labels."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Tuple

import numpy as np
from rich.progress import track

from ....calibration import write_calibration
from ...multiview_folder import MultiViewFolder, view_and_instant
from ...multiview_folder.joining import instant_name
from ...multiview_folder.layout import KEYPOINTS_2D, KEYPOINTS_3D
from ...multiview_folder.writers import ImageWriter
from ..finished import holds
from ..labels import CATEGORY, HIDDEN, OUTSIDE
from ..processes import mapping
from ..skeleton import Array
from .plan import Plan

# Counts up when the same plan draws other pictures than before.
EDITION = 1
_VAL = 1  # stream; training has the plan's own

Annotations = List[Dict[str, Any]]


def make_views(
    folder: str,
    plan: Plan,
    *,
    train: int = 200,
    val: int = 50,
    same_cameras: bool = False,
    workers: int = 1,
) -> Dict[str, MultiViewFolder]:
    """Draw two recordings that share no instant: ``train/`` and ``val/``.

    Each is a folder as ``docs/multiview_folders.md`` describes it. It is there whole or
    not at all, and is left alone when the same one is asked for again. The same plan
    gives the same bytes, however many workers draw.

    Args:
        folder: made where it is missing.
        plan: what is drawn, with stream 0 and rig 0.
        train: instants to train on.
        val: instants to evaluate on, of another stream.
        same_cameras: both recordings have the same cameras; otherwise those of the
            second stand elsewhere, in the same layout.
        workers: processes.

    Returns:
        The recordings, by ``train`` and ``val``.

    Raises:
        ValueError: if a number is out of range, or a folder is there that holds
            something else.
    """
    for name, value in dict(train=train, val=val, workers=workers).items():
        if value < 1:
            raise ValueError(f'{name}: expected 1 or more, got {value}')
    for name, value in dict(stream=plan.stream, rig=plan.rig).items():
        if value != 0:
            raise ValueError(f'plan.{name}: expected 0, got {value}')
    val_plan = replace(plan, stream=_VAL, rig=0 if same_cameras else _VAL)
    missing = []
    for name, count, its in (('train', train, plan), ('val', val, val_plan)):
        target = Path(folder, name)
        info = dict(
            description=f'Drawn views, {name}',
            edition=EDITION,
            count=count,
            **asdict(its),
        )
        if not _is_there(target, info):
            missing.append((target, its, info))
    if missing:
        # Both in the same processes, which take long to start.
        with mapping(workers, chunk=2) as mapped:
            for recording in missing:
                _draw(*recording, mapped)
    return {name: MultiViewFolder(Path(folder, name)) for name in ('train', 'val')}


class Hidden(NamedTuple):
    """How much is hidden in the images of a camera.

    Attributes:
        share: of the keypoints within the images, those whose flag is 1.
        obstructed: the part that things hide, and not the body itself.
    """

    share: float
    obstructed: float


def hidden_shares(recording: MultiViewFolder) -> Dict[str, Hidden]:
    """How much is hidden in the views of a drawn recording.

    Returns:
        Of each camera.

    Raises:
        ValueError: if there are no labels, or those of no drawn recording.
    """
    labels, names = recording.keypoints_2d, recording.calibration.names
    if labels is None:
        raise ValueError(f'{recording.path}: expected {KEYPOINTS_2D}, got none')
    cameras = {
        image['id']: view_and_instant(image['file_name'], names)[0]
        for image in labels['images']
    }
    people: Dict[str, Annotations] = {name: [] for name in names}
    for person in labels['annotations']:
        if 'num_obstructed' not in person:
            raise ValueError(
                f'{recording.path / KEYPOINTS_2D}: expected drawn views, got '
                f'annotations without num_obstructed'
            )
        people[cameras[person['image_id']]].append(person)
    return {name: _hidden(of_camera) for name, of_camera in people.items()}


def _hidden(people: Annotations) -> Hidden:
    flags = np.array([person['keypoints'][2::3] for person in people])
    inside = max(int((flags > OUTSIDE).sum()), 1)
    obstructed = sum(person['num_obstructed'] for person in people)
    return Hidden(float((flags == HIDDEN).sum() / inside), obstructed / inside)


def _is_there(target: Path, info: Dict[str, Any]) -> bool:
    if holds(target / KEYPOINTS_2D, info):
        return True
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ValueError(
            f'{target}: expected drawn views, or nothing; got something else'
        )
    return False


def _draw(
    target: Path, plan: Plan, info: Dict[str, Any], mapped: Callable[..., Iterable[Any]]
) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent, prefix=f'.{target.name}.') as near:
        # One below it, as no one else may read the temporary folder itself.
        folder = Path(near, target.name)
        folder.mkdir()
        calibration = plan.calibration()
        write_calibration(calibration, folder / 'calibration.toml', format='anipose')
        tasks = [(str(folder), plan, index) for index in range(info['count'])]
        drawing = mapped(_draw_one, tasks)
        drawn = list(track(drawing, info['description'], total=len(tasks)))
        content = _content(
            calibration.names, plan.size, [people for people, _ in drawn]
        )
        (folder / KEYPOINTS_2D).write_text(json.dumps(dict(info=info) | content))
        np.savez(
            folder / KEYPOINTS_3D,
            names=np.array([instant_name(index) for _, _, index in tasks]),
            keypoints=np.stack([keypoints for _, keypoints in drawn]),
            visible=np.ones((len(drawn), len(CATEGORY['keypoints'])), bool),
            keypoint_names=np.array(CATEGORY['keypoints']),
        )
        folder.replace(target)


def _draw_one(task: Tuple[str, Plan, int]) -> Tuple[Annotations, Array]:
    folder, plan, index = task
    shot = plan.draw(index)
    writer = ImageWriter(Path(folder), copy=True)
    for camera, image in zip(plan.calibration().names, shot.images):
        writer.write(camera, instant_name(index), image)
    return list(shot.annotations), shot.keypoints


def _content(
    cameras: Tuple[str, ...], size: int, instants: List[Annotations]
) -> Dict[str, Any]:
    images, annotations = [], []  # type: Annotations, Annotations
    for index, people in enumerate(instants):
        for camera, person in zip(cameras, people):
            number = len(images) + 1
            name = f'{camera}/{instant_name(index)}.jpg'
            images.append(dict(id=number, file_name=name, width=size, height=size))
            annotations.append(dict(id=number, image_id=number) | person)
    return dict(images=images, annotations=annotations, categories=[CATEGORY])
