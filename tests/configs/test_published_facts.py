"""What the released recipes say, so that no edit of a base changes it unnoticed.

Those of lifters are in test_lifter_facts.py.
"""

from pathlib import Path

import pytest
from mmengine.config import Config
from mmpose.datasets.datasets.utils import parse_pose_metainfo

from ppt_mmpose.apis import config_names, find_config

ONE = [12]
# name: heads, attention scale, stages, patch, prune blocks, samples of a process,
# samples of a step.
MODELS = {
    'tokenpose_t_coco': (16, 'head_dim', ONE, (16, 12), (), 32, 128),
    'tokenpose_s_v1_coco': (8, 'dim', ONE, (4, 3), (), 32, 128),
    'tokenpose_s_v2_coco': (8, 'dim', ONE, (2, 2), (), 12, 48),
    'tokenpose_b_coco': (8, 'head_dim', ONE, (4, 3), (), 32, 128),
    'tokenpose_l_d6_coco': (8, 'head_dim', [2] * 3, (4, 3), (), 32, 128),
    'tokenpose_l_d6_ppt_coco': (8, 'head_dim', [6], (4, 3), (), 32, 128),
    'tokenpose_l_d12_coco': (8, 'head_dim', [4] * 3, (4, 3), (), 32, 128),
    'tokenpose_l_d24_coco': (12, 'head_dim', [8] * 3, (4, 3), (), 16, 64),
    'tokenpose_l_d24_coco-384x288': (12, 'head_dim', [8] * 3, (6, 4), (), 32, 256),
    'tokenpose_l_plus_d12_coco': (8, 'head_dim', [4] * 3, (4, 3), (), 32, 128),
    'tokenpose_s_v1_mpii': (8, 'dim', ONE, (4, 4), (), 32, 128),
    'tokenpose_b_mpii': (8, 'head_dim', ONE, (4, 4), (), 32, 128),
    'tokenpose_l_d6_mpii': (8, 'head_dim', [2] * 3, (4, 4), (), 16, 64),
    'tokenpose_l_d12_mpii': (8, 'head_dim', [4] * 3, (4, 4), (), 32, 128),
    'tokenpose_l_d24_mpii': (12, 'head_dim', [8] * 3, (4, 4), (), 16, 64),
    'ppt_s_coco': (8, 'dim', ONE, (4, 3), (3, 6, 9), 32, 128),
    'ppt_s_coco-256x256': (8, 'dim', ONE, (4, 4), (3, 6, 9), 32, 128),
    'ppt_b_coco': (8, 'head_dim', ONE, (4, 3), (3, 6, 9), 32, 128),
    'ppt_l_d6_coco': (8, 'head_dim', [6], (4, 3), (3,), 32, 128),
    'ppt_s_mpii': (8, 'dim', ONE, (4, 4), (3, 6, 9), 32, 128),
    'ppt_b_mpii': (8, 'head_dim', ONE, (4, 4), (3, 6, 9), 32, 128),
    'ppt_l_d6_mpii': (8, 'head_dim', [6], (4, 4), (3,), 32, 128),
    'ppt_s_lsp': (8, 'dim', ONE, (4, 3), (3, 6, 9), 32, 128),
}
# On data of several views: blocks that are fused, prune blocks, weight of the loss,
# samples of a process, samples of a step.
OF_VIEWS = {
    'mv_ppt_s_h36m': (2, (3, 6, 9), 4, 32, 128),
    'mv_ppt_s_h36m_2view': (2, (3, 6, 9), 2, 32, 128),
    'mv_ppt_s_h36m_no-3dpe': (2, (3, 6, 9), 4, 32, 128),
    'mv_ppt_s_h36m_aug': (2, (3, 6, 9), 4, 32, 128),
    'mv_tokenpose_s_h36m': (2, (), 4, 32, 128),
    'ppt_s_h36m': (None, (3, 6, 9), 1, 32, 128),
    'tokenpose_s_h36m': (None, (), 1, 32, 128),
    'mv_ppt_s_skipose': (2, (3, 6, 9), 6, 48, 192),
}
# Distillers: the config of the student, which they share all else with; the teacher.
DISTILLERS = {
    'dppt_s_mpii': ('ppt_s_mpii', 'tokenpose_s_v1_mpii'),
    'dppt_s_coco': ('ppt_s_coco', 'tokenpose_s_v1_coco'),
    'dppt_b_coco': ('ppt_b_coco', 'tokenpose_b_coco'),
    'dppt_l_d6_coco': ('ppt_l_d6_coco', 'tokenpose_l_d6_ppt_coco'),
    'dppt_s_synthetic': ('ppt_quickstart', 'tokenpose_s_synthetic'),
}
# Never published.
OURS = ['mv_ppt_s_synthetic', 'ppt_quickstart', 'tokenpose_s_synthetic']


def test_the_table_is_whole():
    assert sorted([*MODELS, *OF_VIEWS, *DISTILLERS, *OURS]) == config_names('images')


@pytest.mark.parametrize('name', DISTILLERS)
def test_distillers_differ_in_the_teacher_and_the_ramp(name):
    student, teacher = DISTILLERS[name]
    cfg, plain, dense = (
        Config.fromfile(find_config(each)) for each in (name, student, teacher)
    )
    model, hook = cfg.model, cfg.default_hooks.keep_ratio
    assert model.student == plain.model
    assert (hook.pop('warmup_epochs'), hook.pop('ramp_epochs')) == (0, 0)
    assert {**plain.default_hooks.pop('keep_ratio'), **hook}.keys() >= {'type'}
    cfg.default_hooks.pop('keep_ratio')
    for key in (*plain.keys() - {'model', 'default_hooks'}, 'default_hooks'):
        assert cfg[key] == plain[key], key
    assert model.teacher == teacher
    epochs = dense.train_cfg.max_epochs
    assert model.teacher_checkpoint == f'work_dirs/{teacher}/epoch_{epochs}.pth'
    # Lambdas of 1.
    weight = model.student.head.loss.loss_weight
    terms = model.heatmap_loss, model.attention_loss
    assert [term.loss_weight for term in terms] == [weight] * 2
    assert 'token_loss' not in model
    # The teacher is the student without pruning.
    neck = dict(plain.model.neck)
    assert neck.pop('prune_blocks')
    assert neck.pop('keep_ratio') == 0.7
    assert dense.model.neck == neck
    assert dense.model.backbone == plain.model.backbone
    assert dense.model.head == plain.model.head


@pytest.mark.parametrize('name', OF_VIEWS)
def test_model_and_recipe_of_several_views(name):
    cfg = Config.fromfile(find_config(name))
    neck = cfg.model.neck
    assert (
        neck.get('fused_blocks'),
        neck.prune_blocks,
        cfg.model.head.loss.loss_weight,
        cfg.train_dataloader.batch_size,
        cfg.auto_scale_lr.base_batch_size,
    ) == OF_VIEWS[name]
    assert (neck.num_heads, neck.attention_scale, neck.stages) == (8, 'dim', (12,))
    assert neck.keep_ratio == (0.7 if neck.prune_blocks else 1)
    assert neck.get('position_3d', True) == ('no-3dpe' not in name)
    assert cfg.optim_wrapper.optimizer == dict(type='FusedAdam', lr=1e-3)
    (schedule,) = cfg.param_scheduler
    assert (schedule.milestones, schedule.gamma) == ([9, 14], 0.1)
    assert cfg.train_cfg.max_epochs == 20
    assert not cfg.model.test_cfg.flip_test
    assert cfg.model.data_preprocessor.bgr_to_rgb == ('aug' in name)
    assert not cfg.model.get('undistort')
    assert (cfg.codec.type, cfg.codec.sigma) == ('MSRAHeatmap', 2)
    assert cfg.model.pretrained_keypoints.keypoints == (
        *(12, 12, 14, 16, 11, 13, 15, 11, 1, 0, 2, 5, 7, 9, 6, 8, 10),
    )
    checkpoint = cfg.default_hooks.checkpoint
    assert (checkpoint.save_best, checkpoint.rule) == ('pose_3d/MPJPE', 'less')


@pytest.mark.parametrize('name', OF_VIEWS)
def test_data_of_several_views(name):
    cfg = Config.fromfile(find_config(name))
    steps = [step.type for step in cfg.train_dataloader.dataset.pipeline]
    assert [s for s in steps if 'Random' in s] == ['RandomBBoxTransform'] * (
        'aug' in name
    )
    # Crops are recorded after all that moves them.
    assert steps[-4:-2] == ['TopdownAffine', 'CropCamera']
    loaders = cfg.train_dataloader, cfg.val_dataloader, cfg.test_dataloader
    pairs = ((0, 2), (1, 3)) if '2view' in name else None
    assert cfg.model.get('view_sets') == pairs
    for loader in loaders:
        (scale,) = (
            s for s in loader.dataset.pipeline if s.type == 'GetBBoxCenterScale'
        )
        assert scale.padding == 1
        assert loader.sampler.type == 'GroupSampler'
        assert loader.batch_sampler.type == 'GroupBatchSampler'
    datasets = [loader.dataset for loader in loaders]
    if 'skipose' in name:
        parts = [Path(one.ann_file).parent.name for one in datasets]
        assert parts == [Path(one.data_prefix.img).name for one in datasets]
        assert parts == ['train', 'test', 'test']
    else:
        assert [one.every for one in datasets] == [5, 64, 64]
        assert [one.skip_takes for one in datasets] == ['damaged'] * 3
    rate, error = cfg.val_evaluator
    assert rate.get('threshold', 12.8) == 12.8
    assert (error.triangulation, error.mask) == ('linear', 'release')
    assert cfg.test_evaluator == cfg.val_evaluator


@pytest.mark.parametrize('name', MODELS)
def test_model(name):
    cfg = Config.fromfile(find_config(name))
    neck = cfg.model.neck
    assert (
        neck.num_heads,
        neck.attention_scale,
        list(neck.stages),
        tuple(neck.patch_size),
        tuple(neck.get('prune_blocks', ())),
        cfg.train_dataloader.batch_size,
        cfg.auto_scale_lr.base_batch_size,
    ) == MODELS[name]
    if cfg.model.backbone.type == 'HRNetTrunk':
        width = 48 if '_l_' in name else 32
        assert cfg.model.backbone.width == neck.in_channels == width
        assert f'/hrnet_w{width}-' in cfg.model.backbone.init_cfg.checkpoint
    assert neck.get('keep_ratio', 1) == (0.7 if neck.get('prune_blocks') else 1)


@pytest.mark.parametrize('name', MODELS)
def test_recipe(name):
    cfg = Config.fromfile(find_config(name))
    assert cfg.optim_wrapper.optimizer == dict(type='FusedAdam', lr=1e-3)
    (schedule,) = cfg.param_scheduler
    assert (schedule.milestones, schedule.gamma) == ([200, 260], 0.1)
    assert cfg.train_cfg.max_epochs == 300
    assert cfg.model.head.loss.loss_weight == 0.5
    assert cfg.model.test_cfg.flip_test
    assert not cfg.model.test_cfg.shift_heatmap
    assert cfg.model.data_preprocessor.bgr_to_rgb
    assert cfg.codec.type == 'UDPHeatmap'
    assert cfg.codec.sigma == (3 if '384' in name else 2)
    if name.startswith('ppt_'):
        ramp = cfg.default_hooks.keep_ratio
        assert (ramp.warmup_epochs, ramp.ramp_epochs) == (10, 100)


@pytest.mark.parametrize('name', MODELS)
def test_pipelines(name):
    cfg = Config.fromfile(find_config(name))
    steps = {s.type: s for s in cfg.train_dataloader.dataset.pipeline}
    coco = 'coco' in name
    assert ('RandomHalfBody' in steps) == coco
    augmentation = steps['RandomBBoxTransform']
    assert augmentation.scale_factor == ((0.65, 1.35) if coco else (0.75, 1.25))
    assert augmentation.rotate_factor == (90 if coco else 60)
    assert (augmentation.rotate_prob, augmentation.shift_prob) == (0.6, 0)
    for loader in (cfg.train_dataloader, cfg.val_dataloader, cfg.test_dataloader):
        steps = {s.type: s for s in loader.dataset.pipeline}
        assert steps['TopdownAffine'].use_udp
        assert steps['GetBBoxCenterScale'].padding == 1.25
        assert 'LoadWholeImage' in steps


@pytest.mark.parametrize('name', MODELS)
def test_evaluation(name):
    cfg = Config.fromfile(find_config(name))
    expected = dict(type='MpiiPCKAccuracy')
    if 'coco' in name:
        expected = dict(
            type='CocoMetric',
            ann_file='data/coco/annotations/person_keypoints_val2017.json',
            score_mode='bbox_keypoint',
            keypoint_score_thr=0.2,
            nms_mode='oks_nms',
            nms_thr=0.9,
        )
        detections = 'COCO_val2017_detections_AP_H_56_person.json'
        assert cfg.val_dataloader.dataset.bbox_file.endswith(detections)
    elif 'lsp' in name:
        expected = dict(type='TorsoPCKAccuracy', thr=0.2, torso=(8, 3), prefix='pck')
    assert cfg.val_evaluator == cfg.test_evaluator == expected


def test_lsp_knows_its_joints():
    cfg = Config.fromfile(find_config('ppt_s_lsp'))
    meta = parse_pose_metainfo(cfg.train_dataloader.dataset.metainfo)
    assert meta['num_keypoints'] == 14
    pairs = {frozenset(pair) for pair in meta['flip_pairs']}
    expected = [(0, 5), (1, 4), (2, 3), (6, 11), (7, 10), (8, 9)]
    assert pairs == {frozenset(pair) for pair in expected}
