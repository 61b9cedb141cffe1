"""The people of an image, with their keypoints, boxes and numbers."""

from typing import Any, Dict, Sequence

import cv2
import numpy as np
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample
from mmpose.visualization import PoseLocalVisualizer

from .crops import Image

BOX = (255, 255, 255)
_INK = (32, 32, 32)


class PeoplePainter:
    """Draws people on images of one size.

    Keypoints and links are in the colours of the dataset, drawn by MMPose.

    Args:
        dataset_meta: of the keypoints, as MMPose parses it.
        height: of the images, px, by which lines are made thick enough.
        threshold: keypoints with a lower score are not drawn.
    """

    def __init__(
        self, dataset_meta: Dict[str, Any], height: int, *, threshold: float = 0.3
    ) -> None:
        self.threshold = threshold
        self._thickness = max(1, round(height / 300))
        self._visualizer = PoseLocalVisualizer(
            radius=self._thickness + 2, line_width=self._thickness + 1
        )
        self._visualizer.set_dataset_meta(dataset_meta)

    def draw(
        self,
        image: Image,
        keypoints: np.ndarray,
        scores: np.ndarray,
        boxes: np.ndarray,
        labels: Sequence[str],
    ) -> Image:
        """Draw n people.

        Args:
            image: ``(height, width, 3)``, uint8, RGB.
            keypoints: ``(n, J, 2)``, px.
            scores: ``(n, J)``.
            boxes: ``(n, 4)``, px.
            labels: n short texts, written at the boxes.

        Returns:
            Another image of the same size.
        """
        drawn = np.ascontiguousarray(image).copy()
        for box, label in zip(boxes, labels):
            self._draw_box(drawn, box, label)
        if not len(keypoints):
            return drawn
        people = PoseDataSample(
            pred_instances=InstanceData(
                keypoints=np.asarray(keypoints),
                keypoints_visible=np.asarray(scores),
                keypoint_scores=np.asarray(scores),
            )
        )
        return self._visualizer.add_datasample(
            'people',
            drawn,
            people,
            draw_gt=False,
            draw_bbox=False,
            kpt_thr=self.threshold,
        )

    def _draw_box(self, image: Image, box: np.ndarray, label: str) -> None:
        limit = np.array([image.shape[1], image.shape[0]] * 2) - 1
        left, top, right, bottom = np.clip(box, 0, limit).round().astype(int).tolist()
        cv2.rectangle(image, (left, top), (right, bottom), BOX, self._thickness)
        scale = 0.5 * self._thickness
        (width, height), _ = cv2.getTextSize(
            label, cv2.FONT_HERSHEY_SIMPLEX, scale, self._thickness
        )
        corner = left + width + 4, top + height + 6
        cv2.rectangle(image, (left, top), corner, BOX, -1)
        cv2.putText(
            image,
            label,
            (left + 2, top + height + 3),
            cv2.FONT_HERSHEY_SIMPLEX,
            scale,
            _INK,
            self._thickness,
            cv2.LINE_AA,
        )
