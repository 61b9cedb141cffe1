import copy
from itertools import combinations

import numpy as np
import pytest
import torch
from small_views_model import images_of, samples_of, small_views_model

from ppt_mmpose.geometry import Cameras, pixel_rays


def heatmaps(model, images, samples):
    with torch.no_grad():
        return model(images, samples, mode='tensor')


def test_views_of_an_instant_see_each_other_and_no_others():
    model, images, samples = small_views_model(), images_of(4), samples_of(2, 2)
    before = heatmaps(model, images, samples)
    images = images.clone()
    images[1] = images_of(9)[8]
    moved = (heatmaps(model, images, samples) - before).abs().amax((1, 2, 3))
    assert moved[0] > 1e-6
    assert moved[2:].max() == 0


def test_instants_of_different_views_in_one_batch_are_as_alone():
    model, images, samples = small_views_model(), images_of(7), samples_of(4, 1, 2)
    together = heatmaps(model, images, samples)
    alone = [
        heatmaps(model, images[part], samples[part])
        for part in (slice(0, 4), slice(4, 5), slice(5, 7))
    ]
    torch.testing.assert_close(together, torch.cat(alone), rtol=1e-4, atol=1e-6)


def test_views_of_a_set_see_each_other_alone():
    model = small_views_model(view_sets=[[0, 2], [1, 3]])
    images, samples = images_of(8), samples_of(4, 4)
    together = heatmaps(model, images, samples)
    for views in ([0, 2], [1, 3], [4, 6]):
        pair = [samples[view] for view in views]
        alone = heatmaps(model, images[views], pair)
        torch.testing.assert_close(together[views], alone, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (
            dict(view_sets=[[0, 1], [1]]),
            r'each view in one set, got \[\[0, 1',
        ),
        (dict(view_sets=[]), r'each view in one set, got \[\]$'),
        (dict(view_sets=[[0]], neck=dict(fuse=False)), r'none with neck.fuse=False, '),
    ],
)
def test_sets_that_cannot_be(options, message):
    with pytest.raises(ValueError, match=f'^view_sets: expected {message}'):
        small_views_model(**options)


def test_sets_of_what_is_no_number():
    with pytest.raises(ValueError, match='^view_sets: expected a sequence of whole'):
        small_views_model(view_sets=[0, 1])


def test_the_order_of_samples_changes_nothing():
    model, images, samples = small_views_model(), images_of(6), samples_of(3, 3)
    before = heatmaps(model, images, samples)
    order = [4, 0, 5, 2, 1, 3]
    after = heatmaps(model, images[order], [samples[index] for index in order])
    torch.testing.assert_close(after, before[order], rtol=1e-4, atol=1e-6)


def test_without_fusion_every_view_is_alone_and_needs_no_camera():
    model, images = small_views_model(neck=dict(fuse=False)), images_of(3)
    together = heatmaps(model, images, samples_of(3))
    alone = torch.cat([heatmaps(model, image[None], None) for image in images])
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-6)


def test_where_the_cameras_look_matters_only_with_the_encoding_of_rays():
    images, samples = images_of(2), samples_of(2)
    turned = copy.deepcopy(samples)
    camera = turned[0].metainfo['camera']
    turn = np.array([[0, 0, 1.0], [0, 1, 0], [-1, 0, 0]])
    turned[0].set_metainfo(
        dict(camera={**camera, 'rotation': camera['rotation'] @ turn})
    )
    for encoded in (True, False):
        model = small_views_model(neck=dict(position_3d=encoded))
        before = heatmaps(model, images, samples)
        moved = (heatmaps(model, images, turned) - before).abs().max()
        assert (moved > 1e-6) == encoded


@pytest.mark.parametrize('undistort', [True, False])
def test_rays_are_those_of_the_patches_of_the_crop(undistort):
    model, samples = small_views_model(undistort=undistort), samples_of(2)
    rays = model._rays([sample.metainfo for sample in samples], flipped=False)
    assert rays.shape == (2, 16, 3)
    for sample, of_view in zip(samples, rays):
        (scale_x, _, left), (_, scale_y, top) = sample.metainfo['crop_affine']
        # The patch in row 1 and column 2 of 16 x 12 px: its middle in the crop.
        x, y = 2 * 12 + 5.5, 1 * 16 + 7.5
        pixel = torch.tensor([[[(x - left) / scale_x, (y - top) / scale_y]]])
        camera = [torch.tensor(v)[None] for v in sample.metainfo['camera'].values()]
        expected = pixel_rays(Cameras(*camera), pixel.double(), undistort)
        torch.testing.assert_close(of_view[4 + 2], expected[0, 0])


def test_rays_of_mirrored_crops_are_mirrored():
    model, samples = small_views_model(), samples_of(2)
    meta = [sample.metainfo for sample in samples]
    rays = model._rays(meta, flipped=False).unflatten(1, (4, 4))
    flipped = model._rays(meta, flipped=True).unflatten(1, (4, 4))
    assert torch.equal(flipped[:, :, 0], rays[:, :, 3])
    # The same as those of a crop that was mirrored when it was made.
    for one in meta:
        one['crop_affine'] = np.array([[-1, 0, 47], [0, 1, 0]]) @ np.vstack(
            [one['crop_affine'], [0, 0, 1]]
        )
    mirrored = model._rays(meta, flipped=False).unflatten(1, (4, 4))
    torch.testing.assert_close(mirrored, flipped)


def test_the_flip_test_takes_the_rays_of_mirrored_views(monkeypatch):
    model, images, samples = small_views_model(), images_of(3), samples_of(1, 2)
    model.test_cfg['flip_test'], given = True, []
    where = model.where

    def noted(*args):
        given.append(where(*args)[1])
        return where(*args)

    monkeypatch.setattr(model, 'where', noted)
    with torch.no_grad():
        model.predict(images, samples)
    straight, mirrored = (rays.unflatten(1, (4, 4)) for rays in given)
    torch.testing.assert_close(mirrored, straight.flip(2))


def test_keypoints_of_every_view_with_and_without_flip_test():
    for flip_test in (False, True):
        model, images, samples = small_views_model(), images_of(3), samples_of(1, 2)
        model.test_cfg['flip_test'] = flip_test
        with torch.no_grad():
            results = model.predict(images, samples)
        assert [len(one.pred_instances) for one in results] == [1, 1, 1]
        assert results[2].pred_instances.keypoints.shape == (1, 3, 2)


def test_without_fusion_no_weight_waits_for_a_gradient():
    model = small_views_model(neck=dict(fuse=False)).train()
    model.loss(images_of(2), samples_of(2))['loss_kpt'].backward()
    for name, one in model.named_parameters():
        assert (one.grad is not None) == one.requires_grad, name


def test_every_weight_learns():
    model, samples = small_views_model().train(), samples_of(2, 2)
    losses = model.loss(images_of(4), samples)
    losses['loss_kpt'].backward()
    still = [name for name, one in model.named_parameters() if one.grad is None]
    assert still == []
    assert model.neck.position_3d.weight.grad.abs().max() > 0


def test_every_view_counts_the_same_in_processes_that_have_more_and_fewer(monkeypatch):
    guide = dict(type='AttentionGuide', blocks=(0, 3))
    model = small_views_model(attention_guide=guide).train()
    model.backbone.eval()  # no batch norm that sees the batch of its process
    images, samples = images_of(6), samples_of(4, 2)
    joined = model.loss(images, samples)
    where = 'ppt_mmpose.models.pose_estimators.multi_view_token_pose.'
    monkeypatch.setattr(f'{where}get_world_size', lambda: 2)
    # One process has 4 views and the other 2.
    monkeypatch.setattr(f'{where}all_reduce', lambda count, op: count.fill_(3))
    first, second = (
        model.loss(images[part], samples[part]) for part in (slice(4), slice(4, 6))
    )
    for name in ('loss_kpt', 'loss_attention'):
        mean = (first[name] + second[name]) / 2
        torch.testing.assert_close(mean, joined[name], msg=name)
    assert 0 <= first['acc_pose'] <= 1


@pytest.mark.parametrize('mode', ['loss', 'predict'])
def test_two_samples_of_one_view(mode):
    model, samples = small_views_model(), samples_of(3)
    samples[2].set_metainfo(dict(view_id=0))
    message = "^group_id 'instant 0': expected each view once .* got view 0 twice$"
    with pytest.raises(ValueError, match=message):
        model(images_of(3), samples, mode=mode)


@pytest.mark.parametrize(
    'views', [views for r in range(1, 5) for views in combinations(range(4), r)]
)
def test_one_model_serves_every_subset_of_the_cameras(views):
    model, chosen = small_views_model(), list(views)
    images, samples = images_of(8), samples_of(4, 4)
    # Beside another instant that lacks none.
    images = torch.cat([images[chosen], images[4:]])
    samples = [samples[view] for view in chosen] + samples[4:]
    alone = heatmaps(model, images[: len(chosen)], samples[: len(chosen)])
    together = heatmaps(model, images, samples)
    torch.testing.assert_close(together[: len(chosen)], alone, rtol=1e-4, atol=1e-6)
    whole = heatmaps(model, images[-4:], samples[-4:])
    torch.testing.assert_close(together[-4:], whole, rtol=1e-4, atol=1e-6)
    with torch.no_grad():
        results = model.predict(images, samples)
    assert [one.view_id for one in results] == [*views, 0, 1, 2, 3]
    for one in results:
        assert np.isfinite(one.pred_instances.keypoints).all()


def prunings(model, images, samples):
    with torch.no_grad():
        places, rays = model.where(images, samples)
        features = model.backbone(images)[-1]
        return model.neck.encode_views(features, rays, places).prunings


def test_before_fusion_a_view_does_not_know_which_others_are_missing():
    model, images, samples = small_views_model(), images_of(4), samples_of(4)
    whole = prunings(model, images, samples)
    for view in range(4):
        rest = [other for other in range(4) if other != view]
        without = prunings(model, images[rest], [samples[other] for other in rest])
        for ours, theirs in zip(without, whole):
            assert torch.equal(ours.source, theirs.source[rest])


def test_samples_without_a_camera():
    samples = samples_of(2)
    del samples[1].crop_affine
    with pytest.raises(ValueError, match='got no crop_affine; the dataset and CropCam'):
        heatmaps(small_views_model(), images_of(2), samples)


def test_the_ratio_is_set_at_run_time():
    model, images, samples = small_views_model(), images_of(2), samples_of(2)
    before = heatmaps(model, images, samples)
    model.set_keep_ratio(1.0)
    assert (heatmaps(model, images, samples) - before).abs().max() > 1e-7
    model.set_keep_ratio(0.5)
    torch.testing.assert_close(heatmaps(model, images, samples), before)


@pytest.mark.parametrize('fuse', [True, False])
@pytest.mark.parametrize('training', [True, False])
def test_keypoint_tokens_may_be_told_where_to_look(fuse, training):
    guide = dict(type='AttentionGuide', blocks=(0, 3))
    model = small_views_model(attention_guide=guide, neck=dict(fuse=fuse))
    images, samples = images_of(3), samples_of(1, 2)
    model.train(training)
    told = model.loss(images, samples)['loss_attention']
    told.backward()
    for block in (0, 3):
        gradient = model.neck.encoder.blocks[block].attention.qkv.weight.grad
        assert gradient.abs().max() > 0
