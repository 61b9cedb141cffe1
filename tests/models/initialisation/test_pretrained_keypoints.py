import pytest
import torch
from small_views_model import small_views_model

from ppt_mmpose.models.initialisation import PretrainedKeypoints
from ppt_mmpose.models.strict_loading import MisfitError


@pytest.fixture
def checkpoint(tmp_path):
    """Of a single-view model with the same sizes, and its weights."""
    torch.manual_seed(1)
    model = small_views_model(neck=dict(type='TokenPoseNeck'), type='TopdownTokenPose')
    path = tmp_path / 'single.pth'
    torch.save(dict(state_dict=model.state_dict(), meta={}), path)
    return str(path), model.state_dict()


def test_everything_is_taken_over_and_tokens_are_reordered(checkpoint):
    path, old = checkpoint
    options = dict(checkpoint=path, keypoints=[2, 2, 0])
    model = small_views_model(pretrained_keypoints=options)
    own = {key: value.clone() for key, value in model.state_dict().items()}
    model.init_weights()
    new = model.state_dict()
    assert torch.equal(
        new['neck.keypoint_tokens'], old['neck.keypoint_tokens'][:, [2, 2, 0]]
    )
    for key in old.keys() - {'neck.keypoint_tokens'}:
        assert torch.equal(new[key], old[key]), key
    assert new.keys() - old.keys() == {
        'neck.position_3d.weight',
        'neck.position_3d.bias',
    }
    assert new['neck.position_3d.weight'].shape == own['neck.position_3d.weight'].shape


def test_a_second_initialisation_changes_nothing(checkpoint):
    model = small_views_model(
        pretrained_keypoints=dict(checkpoint=checkpoint[0], keypoints=[0, 1, 2])
    )
    model.init_weights()
    with torch.no_grad():
        model.neck.keypoint_tokens.zero_()
    model.init_weights()
    assert (model.neck.keypoint_tokens == 0).all()


@pytest.mark.parametrize('keypoints', [[0, 1], [0, 1, 3], [0, 1, 2, 2]])
def test_keypoints_that_do_not_fit(checkpoint, keypoints):
    model = small_views_model()
    with pytest.raises(ValueError, match='keypoints: expected 3 numbers below 3, the'):
        PretrainedKeypoints(checkpoint[0], keypoints)(model)


def test_weights_of_something_else(checkpoint, tmp_path):
    state = checkpoint[1]
    other = str(tmp_path / 'other.pth')
    torch.save(dict(state_dict={**state, 'neck.more': torch.zeros(2)}), other)
    with pytest.raises(MisfitError, match=r"got \['neck.more \(2,\)'\]"):
        PretrainedKeypoints(other, [0, 1, 2])(small_views_model())
    key = next(iter(state))
    torch.save(dict(state_dict={**state, key: torch.zeros(2)}), other)
    with pytest.raises(MisfitError, match=rf"got \['{key} \(2,\)'\]"):
        PretrainedKeypoints(other, [0, 1, 2])(small_views_model())
    torch.save(dict(state_dict=dict(weight=torch.zeros(1))), other)
    with pytest.raises(MisfitError, match='got none named neck.keypoint_tokens'):
        PretrainedKeypoints(other, [0, 1, 2])(small_views_model())
