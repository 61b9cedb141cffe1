"""MMPose's inferencer with our config and a converted checkpoint."""

import pytest
import torch
from drawn_people import draw
from mmengine.config import Config
from mmpose.apis import MMPoseInferencer
from mmpose.registry import MODELS

from ppt_mmpose.apis import find_config
from ppt_mmpose.converters.convert import _dataset_meta
from ppt_mmpose.models.strict_loading import MisfitError


@pytest.fixture
def weights(tmp_path):
    cfg = Config.fromfile(find_config('ppt_s_coco'))
    content = dict(
        state_dict=MODELS.build(cfg.model).state_dict(),
        meta=dict(dataset_meta=_dataset_meta(cfg)),
    )
    torch.save(content, tmp_path / 'weights.pth')
    return str(tmp_path / 'weights.pth')


def inferencer(config, weights, scope='mmpose'):
    return MMPoseInferencer(
        pose2d=str(find_config(config)),
        pose2d_weights=weights,
        det_model='whole_image',
        device='cpu',
        scope=scope,
    )


def test_an_image_goes_through(weights, tmp_path):
    image = draw(tmp_path / 'people', count=1) / '000000000001.jpg'
    run = inferencer('ppt_s_coco', weights)
    result = next(run(str(image), return_vis=True, draw_bbox=True))
    (person,) = result['predictions'][0]
    assert len(person['keypoints']) == 17
    assert result['visualization'][0].shape == (128, 128, 3)


def test_weights_of_another_model_are_refused(weights):
    with pytest.raises(MisfitError, match='the model has 1073 entries, the file 233'):
        inferencer('ppt_b_coco', weights)
