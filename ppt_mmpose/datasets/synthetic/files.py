"""Drawn people as ordinary images with COCO's person-keypoint json."""

import json
from pathlib import Path
from typing import Any, Dict, List, Tuple

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from .exposure import exposed
from .finished import holds
from .labels import CATEGORY, FEWEST_SEEN, SEEN, annotate, visibility
from .processes import mapping
from .render import render
from .scene import random_shot

QUALITY = 92
# Counts up when the same seed draws other pictures than before.
EDITION = 2

Annotations = List[Dict[str, Any]]
Task = Tuple[str, int, int, int, Tuple[int, int]]


def make_dataset(
    folder: str,
    *,
    train: int = 6000,
    val: int = 500,
    seed: int = 0,
    size: Tuple[int, int] = (192, 256),
    workers: int = 1,
) -> Dict[str, str]:
    """Draw two disjoint sets of pictures and write them as COCO lays them out.

    Pictures go to ``train/`` and ``val/``, labels to
    ``annotations/person_keypoints_{train,val}.json``. Labels are written last: a set
    that has them is whole, and is left alone when the same one is asked for again.
    The same seed gives the same bytes, however many workers draw.

    Args:
        folder: made where it is missing.
        train: number of pictures to train on.
        val: number of pictures to evaluate on; drawn from other random streams.
        seed: of all that is random.
        size: width and height of a picture, px.
        workers: processes.

    Returns:
        The annotation file of every set.

    Raises:
        ValueError: if a number is out of range, or the folder holds labels of another
            set.
    """
    for name, value, lowest in (
        *(('train', train, 1), ('val', val, 1), ('seed', seed, 0)),
        *(('size', min(size), 32), ('workers', workers, 1)),
    ):
        if value < lowest:
            raise ValueError(f'{name}: expected {lowest} or more, got {value}')
    root = Path(folder)
    files = {}
    for stream, (name, count) in enumerate((('train', train), ('val', val))):
        info = dict(
            description=f'Drawn people, {name}',
            edition=EDITION,
            seed=seed,
            stream=stream,
            size=list(size),
            count=count,
        )
        path = root / 'annotations' / f'person_keypoints_{name}.json'
        if not holds(path, info):
            _draw_set(root / name, path, info, workers)
        files[name] = str(path)
    return files


def picture(
    seed: int, stream: int, index: int, size: Tuple[int, int]
) -> Tuple[NDArray[np.uint8], Annotations]:
    """One picture and its annotations, without ids.

    Args:
        seed: of the data set.
        stream: 0 for training, 1 for evaluation.
        index: of the picture; what is random follows from these three alone.
        size: width and height, px.

    Returns:
        ``(height, width, 3)``, uint8, BGR; and as in :func:`.labels.annotate`.
    """
    rng = np.random.default_rng((seed, stream, index))
    while True:
        scene, camera = random_shot(rng, size)
        rendering = render(scene, camera)
        flags = visibility(scene.bodies[0], camera, rendering.depth)[:, 2]
        if (flags == SEEN).sum() >= FEWEST_SEEN:
            people = annotate(scene, camera, rendering)
            return exposed(rendering.image, rng), people


def _draw_set(folder: Path, path: Path, info: Dict[str, Any], workers: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    width, height = info['size']
    tasks: List[Task] = [
        (str(folder), info['seed'], info['stream'], index, (width, height))
        for index in range(1, info['count'] + 1)
    ]
    with mapping(workers) as mapped:
        drawing = mapped(_draw_one, tasks)
        drawn = list(track(drawing, info['description'], total=len(tasks)))
    images, annotations = [], []  # type: Annotations, Annotations
    for (_, _, _, index, _), people in zip(tasks, drawn):
        images.append(
            dict(id=index, file_name=_file_name(index), width=width, height=height)
        )
        for person in people:
            ids = dict(id=len(annotations) + 1, image_id=index)
            annotations.append(ids | person)
    content = dict(
        info=info, images=images, annotations=annotations, categories=[CATEGORY]
    )
    unfinished = path.with_suffix('.part')
    unfinished.write_text(json.dumps(content))
    unfinished.replace(path)


def _draw_one(task: Task) -> Annotations:
    folder, seed, stream, index, size = task
    image, people = picture(seed, stream, index, size)
    path = Path(folder, _file_name(index))
    coded = cv2.imencode('.jpg', image, (cv2.IMWRITE_JPEG_QUALITY, QUALITY))[1]
    path.write_bytes(coded.tobytes())
    return people


def _file_name(index: int) -> str:
    return f'{index:012d}.jpg'
