"""The options of docs/multi_view_ppt.md, written as a user writes them."""

import made_h36m
import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner
from mmpose.registry import DATASETS, MODELS
from options import parsed_cfg_options
from small_views_model import samples_of

from ppt_mmpose.apis import find_config
from ppt_mmpose.calibration import stacked_cameras
from ppt_mmpose.geometry import pixel_rays

SMALL = ['model.neck.dim=16', 'model.neck.num_heads=2', 'model.head.in_channels=16']


def changed(name, *options):
    cfg = Config.fromfile(find_config(name))
    cfg.merge_from_dict(parsed_cfg_options(list(options)))
    return cfg


def small_model(*options):
    torch.manual_seed(0)
    return MODELS.build(changed('mv_ppt_s_h36m', *SMALL, *options).model).eval()


def of_views(views=2):
    """Samples of one instant, with crops of 256 px."""
    samples = samples_of(views)
    for sample in samples:
        sample.set_metainfo(dict(input_size=(256, 256)))
    return samples


def kept(model):
    features = torch.randn(2, 256, 64, 64)
    neck, patches = model.neck, 256
    rays = None if neck.position_3d is None else torch.randn(2, patches, 3)
    with torch.no_grad():
        out = neck.encode_views(features, rays, torch.tensor([[0, 1]]))
    assert out.stages[0].shape == (2, 17, 16)
    return [pruning.source.shape[1] for pruning in out.prunings]


@pytest.fixture
def data(tmp_path):
    """Human3.6M, made up, with one instant; options that read it."""
    made_h36m.write_toolbox(tmp_path, made_h36m.toolbox_entries(), 'h36m_train.pkl')
    return [
        f'train_dataloader.dataset.data_root={tmp_path}',
        'train_dataloader.dataset.every=1',
        'train_dataloader.num_workers=0',
        'train_dataloader.persistent_workers=False',
    ]


def test_the_release_and_the_papers_words():
    released = small_model()
    assert released.neck.encoder.first_fused == 10
    paper = 'model.neck.fused_blocks=3', 'model.neck.prune_blocks="(2,5,8)"'
    paper = small_model(*paper)
    assert paper.neck.encoder.first_fused == 9
    assert kept(released) == kept(paper) == [180, 126, 89]
    # Block 9 cannot prune and be fused.
    with pytest.raises(ValueError, match=r'prune_blocks: .* before 9, .* got \[9\]'):
        small_model('model.neck.fused_blocks=3')


def test_another_keep_ratio():
    assert kept(small_model('model.neck.keep_ratio=0.6')) == [154, 93, 56]


def test_without_rays():
    model = small_model('model.neck.position_3d=False')
    assert not any('position_3d' in key for key in model.state_dict())
    assert kept(model) == [180, 126, 89]


def test_every_view_alone_with_the_same_weights():
    alone, fused = small_model('model.neck.fuse=False'), small_model()
    alone.load_state_dict(fused.state_dict())
    images = torch.randn(2, 3, 256, 256)
    with torch.no_grad():
        both, one = alone(images), alone(images[:1])
        together = fused(images, of_views())
    torch.testing.assert_close(both[:1], one, rtol=1e-4, atol=1e-6)
    assert (together[:1] - one).abs().max() > 1e-3 * one.abs().max()


def test_rays_go_through_the_lens():
    released, through = small_model(), small_model('model.undistort=True')
    assert (released.undistort, through.undistort) == (False, True)
    samples = [sample.metainfo for sample in of_views()]
    rays = [model._rays(samples, flipped=False) for model in (released, through)]
    assert (rays[0] - rays[1]).abs().max() > 1e-4


@pytest.mark.parametrize(('sets', 'fused'), [('[[0,1],[2,3]]', [2, 2]), ('None', [4])])
def test_which_views_are_fused(sets, fused):
    model = MODELS.build(
        changed('mv_ppt_s_h36m_2view', *SMALL, f'model.view_sets={sets}').model
    ).eval()
    seen = []
    block = model.neck.encoder.blocks[10]
    block.norm1.register_forward_hook(lambda _, x, __: seen.append(x[0].shape[:2]))
    with torch.no_grad():
        model(torch.randn(4, 3, 256, 256), of_views(4))
    assert seen == [(len(fused), fused[0] * (17 + 89))]


def test_colours():
    images = [torch.randint(0, 255, (3, 8, 8), dtype=torch.uint8)]
    released, rgb = (
        MODELS.build(changed('mv_ppt_s_h36m', *options).model.data_preprocessor)(
            dict(inputs=images, data_samples=[])
        )['inputs']
        for options in ([], ['model.data_preprocessor.bgr_to_rgb=True'])
    )
    mean = torch.tensor([123.675, 116.28, 103.53])[:, None, None]
    std = torch.tensor([58.395, 57.12, 57.375])[:, None, None]
    torch.testing.assert_close(released[0], (images[0] - mean) / std)
    torch.testing.assert_close(rgb[0], (images[0].flip(0) - mean) / std)


def test_no_start():
    assert small_model('model.pretrained_keypoints=None').pretrained_keypoints is None
    start = 'model.pretrained_keypoints.checkpoint=mine.pth'
    assert small_model(start).pretrained_keypoints.checkpoint == 'mine.pth'


def test_views_are_left_out_in_training(data):
    option = 'train_dataloader.batch_sampler.drop_view_prob=0.5'
    cfg = changed('mv_ppt_s_h36m', *data, option, 'train_dataloader.batch_size=4')
    loader = Runner.build_dataloader(cfg.train_dataloader, seed=0)
    sizes = [len(batch['inputs']) for _ in range(4) for batch in loader]
    assert min(sizes) == 2
    assert len(sizes) == 16
    assert len(set(sizes)) > 1


def rays_at_joints(sample):
    """Where the pixels of a crop look that show the joints; where the joints are."""
    camera = stacked_cameras([sample['camera']])
    crop = camera.transformed(torch.from_numpy(sample['crop_affine'])[None])
    shown = torch.from_numpy(sample['transformed_keypoints']).double()
    there = torch.from_numpy(sample['keypoints_3d_world']) - camera.centres
    return pixel_rays(crop, shown), torch.nn.functional.normalize(there, dim=-1)


def test_augmented_views_look_where_the_joints_are(data):
    cfg = changed('mv_ppt_s_h36m_aug', *data)
    options = cfg.train_dataloader.dataset
    options.pipeline = options.pipeline[:-2]
    np.random.seed(0)
    samples = list(DATASETS.build(options))
    affines = np.array([sample['crop_affine'][:, :2] for sample in samples])
    turned = np.degrees(np.arctan2(affines[:, 1, 0], affines[:, 0, 0]))
    scaled = np.sqrt(np.linalg.det(affines))
    # Each view on its own, some of them not turned.
    assert 0 < (np.abs(turned) > 1).sum() < len(samples)
    assert len(set(scaled.round(4))) > len(samples) / 2
    assert scaled.max() / scaled.min() > 1.2
    for sample in samples:
        found, expected = rays_at_joints(sample)
        torch.testing.assert_close(found[0], expected, rtol=0, atol=1e-4)


def test_crops_are_the_same_without_augmentation(data):
    cfg = changed('mv_ppt_s_h36m', *data)
    options = cfg.train_dataloader.dataset
    options.pipeline = options.pipeline[:-2]
    affines = np.array([sample['crop_affine'] for sample in DATASETS.build(options)])
    np.testing.assert_allclose(affines[:, 0, 1], 0, atol=1e-9)
    np.testing.assert_allclose(affines[:, [0, 1], [0, 1]], 2.56, rtol=1e-6)
