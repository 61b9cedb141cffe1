"""How far one gets without looking: the mean training pose, put into each box.

The floor under every result on a data set; a model that scores no more has learned
nothing of the pictures.
"""

import contextlib
import io
from typing import List

import numpy as np
from numpy.typing import NDArray
from xtcocotools.coco import COCO
from xtcocotools.cocoeval import COCOeval


def mean_pose_ap(train_file: str, val_file: str) -> float:
    """COCO AP of the mean pose of one annotation file on another, for COCO's 17.

    Args:
        train_file: COCO person-keypoint json, whose labelled keypoints are averaged
            within their boxes.
        val_file: the same, into whose labelled boxes that pose is put.

    Returns:
        AP, 0 to 1.

    Raises:
        ValueError: if a file labels no keypoint of some kind.
    """
    # xtcocotools prints what it does.
    with contextlib.redirect_stdout(io.StringIO()):
        train, val = COCO(train_file), COCO(val_file)
        pose = _mean_pose(train, train_file)
        people = [
            dict(
                image_id=person['image_id'],
                category_id=person['category_id'],
                keypoints=_placed(pose, person['bbox']),
                score=1.0,
            )
            for person in val.anns.values()
        ]
        evaluation = COCOeval(val, val.loadRes(people), 'keypoints')
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return float(evaluation.stats[0])


def _mean_pose(labels: COCO, file: str) -> NDArray[np.float64]:
    """``(keypoints, 2)``, in boxes that reach from 0 to 1."""
    people = list(labels.anns.values())
    points = np.array([p['keypoints'] for p in people], float).reshape(
        len(people), -1, 3
    )
    boxes = np.array([person['bbox'] for person in people], float)
    known = (points[..., 2:] > 0) & (boxes[:, None, 2:] > 0).all(-1, keepdims=True)
    if not known.any(0).all():
        missing = np.flatnonzero(~known.any(0).ravel()).tolist()
        raise ValueError(
            f'{file}: expected labels of every keypoint, got none of {missing}'
        )
    sides = np.maximum(boxes[:, None, 2:], 1e-9)
    placed = (points[..., :2] - boxes[:, None, :2]) / sides
    return (placed * known).sum(0) / known.sum(0)


def _placed(pose: NDArray[np.float64], box: List[float]) -> List[float]:
    x, y, width, height = box
    points = pose * (width, height) + (x, y)
    return np.column_stack((points, np.ones(len(points)))).ravel().tolist()
