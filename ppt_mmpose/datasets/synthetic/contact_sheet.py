"""Many pictures of a drawn set in one, to look at."""

import json
from pathlib import Path
from typing import Any, Dict, List

import cv2
import numpy as np
from numpy.typing import NDArray

from .labels import CATEGORY, HIDDEN, OUTSIDE

# Blue, green, red: the person's right, left, and what has no side.
RIGHT, LEFT, MIDDLE = (60, 140, 255), (90, 220, 60), (255, 200, 60)


def contact_sheet(labels: str, *, columns: int = 8, rows: int = 3) -> NDArray[np.uint8]:
    """The first pictures of a set, those of the last row with their labels.

    The person's right is orange, their left green; hidden joints are rings.

    Args:
        labels: an annotation file as :func:`make_dataset` writes it.
        columns: pictures side by side.
        rows: of pictures.

    Returns:
        ``(height, width, 3)``, uint8, BGR.

    Raises:
        ValueError: if the set has too few pictures.
    """
    content = json.loads(Path(labels).read_text())
    wanted, found = columns * rows, len(content['images'])
    if found < wanted:
        raise ValueError(f'{labels}: expected {wanted} pictures or more, got {found}')
    folder = Path(labels).parents[1] / Path(labels).stem.rpartition('_')[2]
    pictures = []
    for index, image in enumerate(content['images'][:wanted]):
        picture = cv2.imread(str(folder / image['file_name']))
        if index >= wanted - columns:
            people = [a for a in content['annotations'] if a['image_id'] == image['id']]
            picture = _labelled(picture, people)
        pictures.append(picture)
    lines = [np.hstack(pictures[i : i + columns]) for i in range(0, wanted, columns)]
    return np.vstack(lines).astype(np.uint8)


def _labelled(picture: NDArray[Any], people: List[Dict[str, Any]]) -> NDArray[Any]:
    names = CATEGORY['keypoints']
    for person in people:
        points = np.array(person['keypoints']).reshape(-1, 3)
        for first, last in np.array(CATEGORY['skeleton']) - 1:
            if OUTSIDE not in points[[first, last], 2]:
                ends = [tuple(int(v) for v in points[i, :2]) for i in (first, last)]
                colour = side_colour(names[first], names[last])
                cv2.line(picture, ends[0], ends[1], colour, 1, cv2.LINE_AA)
        for name, (x, y, flag) in zip(names, points):
            if flag != OUTSIDE:
                thickness = 1 if flag == HIDDEN else -1
                centre = (int(x), int(y))
                cv2.circle(
                    picture, centre, 2, side_colour(name), thickness, cv2.LINE_AA
                )
    return picture


def side_colour(*names: str) -> Any:
    """Blue, green, red of keypoints of one side, or of what has no side."""
    for side, colour in (('left', LEFT), ('right', RIGHT)):
        if all(name.startswith(side) for name in names):
            return colour
    return MIDDLE
