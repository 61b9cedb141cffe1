"""Mirrored images that are laid out as all others."""

import cv2
import numpy as np
from mmpose.datasets.transforms import RandomFlip
from mmpose.registry import TRANSFORMS

# OpenCV's names of what MMPose's are.
CODES = dict(horizontal=1, vertical=0, diagonal=-1)


@TRANSFORMS.register_module()
class RandomMirror(RandomFlip):
    """MMPose's RandomFlip, whose images are quick to go on with.

    There a mirrored image is a view that runs backwards through memory, which OpenCV
    copies slowly when it cuts the person out. Arguments and results are MMPose's, and
    so is what is drawn from the random state.
    """

    def transform(self, results: dict) -> dict:
        """Mirror image, boxes and keypoints, or not.

        Args:
            results: as in RandomFlip.
        """
        image = results.get('img')
        results = super().transform(results)
        if results.get('flip') and isinstance(image, np.ndarray):
            results['img'] = cv2.flip(image, CODES[results['flip_direction']])
        return results
