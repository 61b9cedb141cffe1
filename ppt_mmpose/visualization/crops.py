"""The picture that the model got, as a person can look at it."""

from typing import Any, Dict, Optional

import cv2
import numpy as np
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample
from mmpose.visualization import PoseLocalVisualizer
from torch import Tensor, nn

Image = np.ndarray


def crop_image(image: Tensor, preprocessor: Optional[nn.Module] = None) -> Image:
    """A network input as a picture.

    Args:
        image: ``(3, height, width)``, as the backbone gets it.
        preprocessor: the model's data_preprocessor, whose normalisation is undone.

    Returns:
        ``(height, width, 3)``, uint8, RGB.
    """
    settings: Any = preprocessor
    if getattr(settings, '_enable_normalize', False):
        image = image * settings.std.cpu() + settings.mean.cpu()
    # MMPose reads images as BGR, and the preprocessor makes RGB of them if it is told.
    if not getattr(settings, '_channel_conversion', True):
        image = image.flip(0)
    return image.clamp(0, 255).round().byte().permute(1, 2, 0).numpy()


def enlarge(image: Image, height: int) -> Image:
    """Enlarge by the smallest whole factor that gives at least ``height`` rows.

    A whole factor keeps every patch on whole pixels.
    """
    factor = -(-height // image.shape[0])
    if factor <= 1:
        return image
    return cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)


def draw_skeleton(
    image: Image, sample: PoseDataSample, dataset_meta: Dict[str, Any]
) -> Image:
    """The predicted person on the crop.

    Args:
        image: the crop or an enlargement of it, ``(height, width, 3)``, RGB.
        sample: prediction for this crop, in pixels of the whole image, with the
            place of the crop in its metainfo.
        dataset_meta: names, links and colours.
    """
    found = sample.pred_instances
    instance = InstanceData(
        keypoints=places_on(image, sample)[None],
        keypoint_scores=found.keypoint_scores[:1],
        keypoints_visible=found.keypoint_scores[:1],
    )
    visualizer = PoseLocalVisualizer(
        radius=max(3, image.shape[0] // 75),
        line_width=max(2, image.shape[0] // 120),
    )
    visualizer.set_dataset_meta(dataset_meta)
    drawn = PoseDataSample(pred_instances=instance)
    return visualizer.add_datasample(
        'crop', image.copy(), drawn, draw_gt=False, draw_bbox=False, show_kpt_idx=False
    )


def places_on(image: Image, sample: PoseDataSample) -> np.ndarray:
    """Where the predicted keypoints ``(J, 2)`` are on the crop, px.

    Args:
        image: the crop or an enlargement of it.
        sample: as in `draw_skeleton`.
    """
    meta = sample.metainfo
    corner = meta['input_center'] - 0.5 * meta['input_scale']
    size = np.array([image.shape[1], image.shape[0]])
    points = sample.pred_instances.keypoints[0, :, :2]
    return (points - corner) / meta['input_scale'] * size
