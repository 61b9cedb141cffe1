import pytest
from small_configs import ppt, with_weights

pytest.importorskip('gradio')

from ppt_mmpose.web import GivenModels


def test_what_does_not_go_together(tmp_path):
    file = tmp_path / 'weights.pth'
    file.touch()
    for given, expected in (
        (dict(pose2d='ppt_s_coco'), 'pose2d: expected a config and its pose2d_weights'),
        (dict(pose3d_weights=str(file)), 'pose3d: expected a config and its'),
        (
            dict(pose3d='a', pose3d_weights=str(file)),
            'pose2d: expected a 2D model with pose3d, got None',
        ),
    ):
        with pytest.raises(ValueError, match=f'^{expected}'):
            GivenModels(**given)
    with pytest.raises(FileNotFoundError, match='pose2d_weights: expected a check'):
        GivenModels(pose2d='ppt_s_coco', pose2d_weights='nowhere.pth')


def test_a_model_is_built_once(tmp_path):
    config = ppt(tmp_path)
    models = GivenModels(
        pose2d=config, pose2d_weights=with_weights(config, tmp_path), device='cpu'
    )
    assert models.estimator is models.estimator
    assert models.prunes
    assert not models.fuses_views
    assert models.tokens is models.model


def test_a_name_is_enough_and_weights_have_to_fit(tmp_path):
    config = ppt(tmp_path)
    models = GivenModels(
        pose2d='ppt_s_coco', pose2d_weights=with_weights(config, tmp_path), device='cpu'
    )
    with pytest.raises(ValueError, match=r'\.pth: expected weights of .*ppt_s_coco'):
        _ = models.estimator
