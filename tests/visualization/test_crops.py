import numpy as np
import pytest
from mmengine.structures import InstanceData
from mmpose.registry import MODELS
from small_model import META, image, sample

from ppt_mmpose.visualization import crop_image, draw_skeleton, enlarge

NORMALISED = dict(mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375])


@pytest.mark.parametrize('options', [NORMALISED, {}], ids=['normalised', 'plain'])
@pytest.mark.parametrize('bgr_to_rgb', [True, False])
def test_the_crop_is_the_picture_that_went_in(options, bgr_to_rgb):
    cfg = dict(type='PoseDataPreprocessor', bgr_to_rgb=bgr_to_rgb, **options)
    preprocessor = MODELS.build(cfg)
    bgr = image()
    (network_input,) = preprocessor(dict(inputs=[bgr], data_samples=[sample()]))[
        'inputs'
    ]
    crop = crop_image(network_input, preprocessor)
    assert (crop == bgr.flip(0).permute(1, 2, 0).numpy()).all()


def test_enlarging_is_by_a_whole_factor():
    small = np.zeros((64, 48, 3), np.uint8)
    assert enlarge(small, 150).shape == (192, 144, 3)
    assert enlarge(small, 64) is small
    assert enlarge(small, 10) is small


def test_keypoints_of_the_image_lie_in_the_crop():
    # The crop is the part of the image from (100, 200), at half its size.
    person = sample()
    person.set_metainfo(
        dict(
            input_center=np.array([148.0, 264.0]),
            input_scale=np.array([96.0, 128.0]),
        )
    )
    points = np.array([[[100 + 20.0, 200 + 40], [100 + 80, 200 + 40], [120, 310]]])
    person.pred_instances = InstanceData(
        keypoints=points, keypoint_scores=np.array([[1, 1, 0.0]])
    )
    black = np.zeros((256, 192, 3), np.uint8)
    drawn = draw_skeleton(black, person, META)
    assert not black.any()
    assert tuple(drawn[80, 40]) == (255, 0, 0)
    assert tuple(drawn[80, 160]) == (0, 255, 0)
    # A link between them, and nothing at the one that was not found.
    assert tuple(drawn[80, 100]) == (255, 255, 0)
    assert not drawn[220, 40].any()
