"""Several views made ready for inference, and in the released order."""

import copy
from shutil import which

import numpy as np
import pytest
import torch
from mmengine.utils import digit_version
from seeded_weights import fill
from small_views_model import images_of, samples_of, small_views_model
from textbook import textbook_views_of
from torch import nn
from torch._dynamo.utils import counters

from ppt_mmpose.deploy import optimize_for_inference


def filled(**options):
    model = small_views_model(**({'undistort': False} | options))
    fill(model)
    return model


def heatmaps(model, images, samples):
    with torch.inference_mode():
        return model(images, samples, mode='tensor')


def difference(found, expected):
    return ((found - expected).abs().max() / expected.abs().max()).item()


@pytest.mark.parametrize(
    'neck',
    [
        {},
        dict(position_3d=False),
        dict(position='none', position_3d=False),
        dict(keep_ratio=1.0),
    ],
)
@pytest.mark.parametrize('chunk_size', [1, 3, None])
def test_heatmaps_stay_what_they_were(neck, chunk_size):
    model, images, samples = filled(neck=neck), images_of(7), samples_of(4, 1, 2)
    fast = optimize_for_inference(model, chunk_size=chunk_size)
    assert not any(isinstance(m, nn.BatchNorm2d) for m in fast.backbone.modules())
    expected = heatmaps(model, images, samples)
    assert difference(heatmaps(fast, images, samples), expected) < 1e-5


def test_views_and_instants_go_in_chunks(monkeypatch):
    fast = optimize_for_inference(filled(), chunk_size=2)
    seen = []
    each, together = fast.neck.encode_each_view, fast.neck.encoder.together

    def note(function):
        def noted(first, *args):
            seen.append(len(getattr(first, 'tokens', first)))
            return function(first, *args)

        return noted

    monkeypatch.setattr(fast.neck, 'encode_each_view', note(each))
    monkeypatch.setattr(fast.neck.encoder, 'together', note(together))
    heatmaps(fast, images_of(6), samples_of(2, 2, 2))
    assert seen == [2, 2, 2, 2, 1]


def test_views_that_are_not_fused_stay_what_they_were():
    model, images, samples = filled(neck=dict(fuse=False)), images_of(3), samples_of(3)
    fast, sizes = optimize_for_inference(model, chunk_size=2), []
    fast.backbone.register_forward_pre_hook(lambda _, args: sizes.append(len(args[0])))
    expected = heatmaps(model, images, samples)
    assert difference(heatmaps(fast, images, samples), expected) < 1e-5
    assert difference(heatmaps(fast, images, None), expected) < 1e-5
    assert sizes == [2, 1, 2, 1]


def test_keypoints_with_flip_test_and_a_ratio_set_later():
    model, images, samples = filled(), images_of(3), samples_of(1, 2)
    fast = optimize_for_inference(model)
    for each in (model, fast):
        each.set_keep_ratio(0.75)
    with torch.no_grad():
        found, expected = (
            [one.pred_instances.keypoints for one in each.predict(images, samples)]
            for each in (fast, model)
        )
    assert np.abs(np.stack(found) - np.stack(expected)).max() < 0.01


def test_a_copy_is_on_its_own():
    model, images, samples = filled(), images_of(2), samples_of(2)
    fast = optimize_for_inference(model, chunk_size=1)
    other = copy.deepcopy(fast)
    other.set_keep_ratio(1)
    expected = heatmaps(model, images, samples)
    assert difference(heatmaps(fast, images, samples), expected) < 1e-5
    assert difference(heatmaps(other, images, samples), expected) > 1e-4


def test_low_precision_gives_float32_heatmaps_nearby():
    model, images, samples = (
        filled(neck=dict(keep_ratio=1.0)),
        images_of(2),
        samples_of(2),
    )
    fast = optimize_for_inference(model, torch.bfloat16)
    found = heatmaps(fast, images, samples)
    assert found.dtype == torch.float32
    assert 0 < difference(found, heatmaps(model, images, samples)) < 0.1


@pytest.mark.skipif(not which('g++'), reason='torch.compile takes a C++ compiler')
@pytest.mark.skipif(
    digit_version(torch.__version__) < digit_version('2.4'),
    reason='what torch compiles of MMPose before 2.4 is not ours to test',
)
def test_compiled_views_give_the_same_heatmaps():
    model = filled()
    fast = optimize_for_inference(model, compile=True)
    counters.clear()
    # Whole instants, and one that lacks views.
    for counts in ((2, 2), (2, 1)):
        images, samples = images_of(sum(counts)), samples_of(*counts)
        expected = heatmaps(model, images, samples)
        assert difference(heatmaps(fast, images, samples), expected) < 1e-5
    assert counters['stats']['unique_graphs'] > 0


@pytest.mark.parametrize('neck', [{}, dict(position_3d=False), dict(keep_ratio=1.0)])
@pytest.mark.parametrize('views', [1, 2, 4])
def test_the_released_order_agrees(neck, views):
    model, images = filled(neck=neck), images_of(2 * views)
    samples = samples_of(views, views)
    textbook = textbook_views_of(model)
    expected = heatmaps(model, images, samples)
    assert difference(heatmaps(textbook, images, samples), expected) < 1e-5


def test_sets_of_views_stay_what_they_were():
    model = filled(view_sets=[[0, 2], [1, 3]])
    images, samples = images_of(4), samples_of(4)
    fast = optimize_for_inference(model, chunk_size=3)
    expected = heatmaps(model, images, samples)
    assert difference(heatmaps(fast, images, samples), expected) < 1e-5


def test_the_released_order_knows_no_lenses_and_no_sets():
    with pytest.raises(ValueError, match='textbook knows no lenses; expected False'):
        textbook_views_of(small_views_model())
    with pytest.raises(ValueError, match='the textbook joins all views; expected None'):
        textbook_views_of(filled(view_sets=[[0], [1]]))
