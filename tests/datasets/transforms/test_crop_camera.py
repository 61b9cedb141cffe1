import numpy as np
import pytest
from mmcv.transforms import Compose
from mmpose.datasets.transforms import GetBBoxCenterScale, TopdownAffine
from mmpose.registry import TRANSFORMS

from ppt_mmpose.datasets.transforms import CropCamera


def sample(**more):
    """A person in an image of 200 x 100 px."""
    return dict(
        img=np.zeros((100, 200, 3), np.uint8),
        img_shape=(100, 200),
        bbox=np.array([[40.0, 20, 80, 90]], np.float32),
        keypoints=np.array([[[45.0, 30], [60, 55], [79, 89]]]),
        keypoints_visible=np.ones((1, 3)),
        flip_indices=[0, 2, 1],
        **more,
    )


@pytest.mark.parametrize('use_udp', [False, True])
@pytest.mark.parametrize('flip', [None, 'horizontal', 'vertical', 'diagonal'])
@pytest.mark.parametrize('rotation', [0.0, 30.0])
def test_carries_pixels_to_where_the_crop_shows_them(use_udp, flip, rotation):
    steps = [GetBBoxCenterScale()]
    if flip:
        steps.append(
            TRANSFORMS.build(dict(type='RandomFlip', prob=1.0, direction=flip))
        )
    steps.append(TopdownAffine((48, 64), use_udp=use_udp))
    steps.append(CropCamera(use_udp))
    given = sample(bbox_rotation=np.array([rotation]))
    results = Compose(steps)(given.copy())
    affine = results['crop_affine']
    assert affine.shape == (2, 3)
    original = sample()['keypoints'][0]
    moved = original @ affine[:, :2].T + affine[:, 2]
    # MMPose swaps left and right for some of the flips.
    shown = results['transformed_keypoints'][0]
    order, shown_order = moved[:, 1].argsort(), shown[:, 1].argsort()
    np.testing.assert_allclose(moved[order], shown[shown_order], atol=1e-3)


def test_before_the_crop():
    with pytest.raises(ValueError, match='expected a place after TopdownAffine'):
        CropCamera()(sample())
