"""People on their image, large enough to be looked at."""

from typing import Any, Dict

import cv2
import numpy as np
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample
from mmpose.visualization import PoseLocalVisualizer

from ..apis.pose_2d import People
from ..frames.reading import Image

# The longer side of a picture, px: small ones are enlarged, large ones made smaller.
SHORTEST, LONGEST = 720, 1600
BOX = (255, 255, 255)


def draw_people(
    image: Image,
    people: People,
    dataset_meta: Dict[str, Any],
    *,
    threshold: float = 0.3,
    boxes: bool = True,
) -> Image:
    """Skeletons in the colours of the dataset, drawn by MMPose.

    Args:
        image: ``(height, width, 3)``, uint8, RGB.
        people: n of them, px of this image.
        dataset_meta: links and colours, as MMPose parses a dataset's metainfo.
        threshold: keypoints with a lower score are not drawn.
        boxes: draw their boxes, too.

    Returns:
        ``(height, width, 3)``, uint8, RGB, whose longer side is 720 to 1600 px.
    """
    size = max(image.shape[:2])
    factor = np.clip(size, SHORTEST, LONGEST) / size
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    resized = cv2.resize(image, None, fx=factor, fy=factor, interpolation=method)
    picture: Image = np.asarray(resized, np.uint8)
    if len(people.keypoints) == 0:
        return picture
    thick = max(2, round(max(picture.shape) / 280))
    if boxes:
        for box in people.boxes:
            first, last = (box.reshape(2, 2) * factor).round().astype(int).tolist()
            cv2.rectangle(picture, first, last, BOX, max(1, thick // 2), cv2.LINE_AA)
    visualizer = PoseLocalVisualizer(radius=thick + 1, line_width=thick)
    visualizer.set_dataset_meta(dataset_meta)
    found = InstanceData(
        # `cv2.resize` maps the outer borders of the images.
        keypoints=(people.keypoints + 0.5) * factor - 0.5,
        keypoint_scores=people.scores,
        keypoints_visible=people.scores,
    )
    return visualizer.add_datasample(
        'people',
        picture,
        PoseDataSample(pred_instances=found),
        draw_gt=False,
        draw_bbox=False,
        kpt_thr=threshold,
    )
