"""Boxes that the user gives, in the place of a detector.

MMPose's inferencers name a ``bboxes`` argument and ignore it.
"""

from typing import Any, Dict, List, Sequence

import numpy as np
import torch
from mmdet.structures import DetDataSample
from mmengine.structures import InstanceData

Boxes = Sequence[Sequence[float]]


class GivenBoxes:
    """Answers as MMDetection's inferencer does, image after image.

    Args:
        boxes: for every image its people, each ``(left, top, right, bottom)``, px.

    Raises:
        ValueError: if a box is not four numbers in this order; when called more often
            than there are images.
    """

    def __init__(self, boxes: Sequence[Boxes]) -> None:
        self.boxes = [self._checked(index, given) for index, given in enumerate(boxes)]
        self._next = 0

    @staticmethod
    def _checked(index: int, given: Boxes) -> np.ndarray:
        boxes = np.asarray(given, np.float32)
        fits = boxes.ndim == 2 and boxes.shape[1] == 4 and len(boxes) > 0
        if not fits or (boxes[:, :2] >= boxes[:, 2:]).any():
            raise ValueError(
                f'bboxes[{index}]: expected one (left, top, right, bottom) or more for '
                f'each image, with left < right and top < bottom, got {given!r}'
            )
        return boxes

    def __call__(self, inputs: Any, **kwargs: object) -> Dict[str, List[DetDataSample]]:
        """The boxes of the next image."""
        if self._next == len(self.boxes):
            raise ValueError(
                f'bboxes: expected boxes for every image, got those of {self._next}'
            )
        boxes = torch.from_numpy(self.boxes[self._next])
        self._next += 1
        found = InstanceData(
            bboxes=boxes,
            scores=torch.ones(len(boxes)),
            labels=torch.zeros(len(boxes), dtype=torch.long),
        )
        return dict(predictions=[DetDataSample(pred_instances=found)])
