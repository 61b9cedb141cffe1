"""How a crop lies in the image that the camera took."""

from typing import Dict

import numpy as np
from mmcv.transforms import BaseTransform
from mmpose.registry import TRANSFORMS
from mmpose.structures.bbox import get_udp_warp_matrix, get_warp_matrix


@TRANSFORMS.register_module()
class CropCamera(BaseTransform):
    """Tells the affine map that flips and TopdownAffine have applied to the image.

    To be put after TopdownAffine. Models of several views carry it into the cameras, to
    know where the patches of the crop look.

    Required keys: ``bbox_center``, ``bbox_scale``, ``input_size``; those of flips and
    rotations where there were any.

    Added keys: ``crop_affine`` ``(2, 3)``, float64, from pixels of the original image
    to pixels of the crop.

    Args:
        use_udp: as TopdownAffine's.
    """

    def __init__(self, use_udp: bool = False) -> None:
        self.use_udp = use_udp

    def transform(self, results: Dict) -> Dict:
        """Add the affine map.

        Args:
            results: of one sample, after TopdownAffine.

        Raises:
            ValueError: for a sample that was not cropped.
        """
        if 'input_size' not in results:
            raise ValueError(
                'CropCamera: expected a place after TopdownAffine in the pipeline, got '
                'a sample without input_size'
            )
        warp = get_udp_warp_matrix if self.use_udp else get_warp_matrix
        rotation = results.get('bbox_rotation', [0.0])[0]
        affine = warp(
            results['bbox_center'][0],
            results['bbox_scale'][0],
            rotation,
            output_size=results['input_size'],
        )
        whole = np.vstack([affine, [0.0, 0.0, 1.0]]) @ _flip(results)
        results['crop_affine'] = whole[:2]
        return results


def _flip(results: Dict) -> np.ndarray:
    """From the original image to the flipped one ``(3, 3)``."""
    flip = np.eye(3)
    if results.get('flip'):
        height, width = results['img_shape'][:2]
        if results['flip_direction'] in ('horizontal', 'diagonal'):
            flip[0] = [-1, 0, width - 1]
        if results['flip_direction'] in ('vertical', 'diagonal'):
            flip[1] = [0, -1, height - 1]
    return flip
