"""What is found in an image, by a small model with random weights."""

import numpy as np
import pytest
from mmengine.registry import init_default_scope
from small_configs import mv_ppt, ppt, top_down, with_weights

pytest.importorskip('gradio')

from ppt_mmpose.web import GivenModels
from ppt_mmpose.web.image_view import view_image

TOTAL = 256
BOXES = np.array([[10, 10, 60, 90], [0, 0, 100, 120]], np.float32)


def models_of(config, folder):
    return GivenModels(
        pose2d=config, pose2d_weights=with_weights(config, folder), device='cpu'
    )


@pytest.fixture(scope='module')
def models(tmp_path_factory):
    init_default_scope('mmpose')
    folder = tmp_path_factory.mktemp('ppt')
    return models_of(ppt(folder), folder)


@pytest.fixture
def image():
    return np.random.default_rng(0).integers(0, 255, (120, 100, 3), np.uint8)


def test_the_keep_ratio_decides_what_is_kept(models, image):
    before = models.tokens.keep_ratio
    views = {ratio: view_image(models, image, keep_ratio=ratio) for ratio in (0.5, 1.0)}
    assert '64 of 256 tokens kept (25%)' in views[0.5].text
    assert '256 of 256 tokens kept (100%)' in views[1.0].text
    assert views[0.5].text.startswith('1 person · ')
    assert views[0.5].text.endswith(' ms in the network')
    # The crop and two prunings; a dense model has one panel.
    assert views[0.5].kept.shape[1] > 2 * views[1.0].kept.shape[1]
    # Pruned patches are veiled with grey.
    assert views[0.5].kept.std() < views[1.0].kept.std()
    assert models.tokens.keep_ratio == before


def test_pictures_are_large_enough_and_in_the_right_colours(models):
    image = np.zeros((120, 100, 3), np.uint8)
    image[..., 0] = 200  # blue, as OpenCV has it
    view = view_image(models, image)
    assert view.picture.shape == (720, 600, 3)
    assert np.median(view.picture, axis=(0, 1)).tolist() == [0, 0, 200]
    large = view_image(models, np.zeros((200, 3200, 3), np.uint8))
    assert large.picture.shape == (100, 1600, 3)


def test_people_in_boxes_largest_first(models, image):
    view = view_image(models, image, boxes=BOXES)
    np.testing.assert_array_equal(view.boxes, BOXES[::-1])
    assert view.text.startswith('2 people')
    whole = view_image(models, image)
    np.testing.assert_array_equal(whole.boxes, [[0, 0, 100, 120]])
    assert view.kept.shape[0] > 1.9 * whole.kept.shape[0]


def test_nobody(models, image):
    view = view_image(models, image, boxes=np.zeros((0, 4), np.float32))
    assert view.text == 'Nobody was found'
    assert view.kept is None
    assert view.picture.shape == (720, 600, 3)


def test_a_model_without_tokens(tmp_path, image):
    models = models_of(top_down(tmp_path), tmp_path)
    view = view_image(models, image)
    assert view.kept is None
    assert 'tokens' not in view.text
    assert not models.prunes
    with pytest.raises(ValueError, match='keep_ratio: has no effect on a model wi'):
        view_image(models, image, keep_ratio=0.5)


def test_a_model_of_several_views_is_refused(tmp_path, image):
    models = models_of(mv_ppt(tmp_path), tmp_path)
    with pytest.raises(ValueError, match='^pose2d: expected a model of single images'):
        view_image(models, image)
