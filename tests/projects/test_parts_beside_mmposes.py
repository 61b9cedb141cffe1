"""Parts of ours with parts of MMPose's, and MMEngine's hooks with our models."""

import json

import pytest
import torch
from drawn_people import data_options, draw
from mmengine.config import Config
from mmpose.registry import MODELS
from options import parsed_cfg_options

from ppt_mmpose.apis import find_config, train

CODEC = dict(type='UDPHeatmap', input_size=(192, 256), heatmap_size=(48, 64), sigma=2)
HRNET = dict(
    stage1=dict(
        num_modules=1,
        num_branches=1,
        block='BOTTLENECK',
        num_blocks=(1,),
        num_channels=(16,),
    ),
    **{
        f'stage{n}': dict(
            num_modules=1,
            num_branches=n,
            block='BASIC',
            num_blocks=(1,) * n,
            num_channels=[8 * 2**i for i in range(n)],
        )
        for n in (2, 3, 4)
    },
)
# Of each: the backbone, its channels, its stride, and a patch that gives 4x3 tokens.
BACKBONES = {
    'ResNet': (dict(type='ResNet', depth=18), 512, 32, (2, 2)),
    'HRNet': (dict(type='HRNet', extra=HRNET), 8, 4, (16, 16)),
    'CSPNeXt': (
        dict(type='CSPNeXt', deepen_factor=0.167, widen_factor=0.25, out_indices=(4,)),
        256,
        32,
        (2, 2),
    ),
    'ConvStem': (dict(type='ConvStem'), 256, 4, (16, 16)),
}
HEAD = dict(
    type='TokenPoseHead',
    in_channels=24,
    out_channels=17,
    heatmap_size=(48, 64),
    decoder=CODEC,
)


def neck(name):
    _, channels, stride, patch = BACKBONES[name]
    return dict(
        type='TokenPoseNeck',
        in_channels=channels,
        feature_size=(256 // stride, 192 // stride),
        patch_size=patch,
        num_keypoints=17,
        dim=24,
        num_heads=2,
        stages=(2,),
        prune_blocks=(0,),
        keep_ratio=0.5,
    )


def project(folder, **settings):
    """A config for a training of two steps, with one evaluation."""
    cfg = Config.fromfile(find_config('ppt_s_coco'))
    cfg.merge_from_dict(parsed_cfg_options(data_options(draw(folder / 'people'))))
    cfg.default_hooks.pop('keep_ratio')
    cfg.train_cfg.update(max_epochs=1, val_interval=1)
    cfg.default_hooks.checkpoint.update(interval=1, save_best=None)
    for key, value in settings.items():
        cfg[key] = value
    # MMEngine keeps one visualizer a name.
    cfg.visualizer.name = folder.name
    cfg.dump(folder / 'mine.py')
    return str(folder / 'mine.py')


def model(backbone, *, estimator='TopdownTokenPose', **parts):
    return dict(
        type=estimator,
        data_preprocessor=dict(type='PoseDataPreprocessor'),
        backbone=BACKBONES[backbone][0],
        test_cfg=dict(flip_test=False),
    ) | (parts or dict(neck=neck(backbone), head=HEAD))


def scalars(folder):
    (log,) = folder.glob('*/vis_data/scalars.json')
    return [json.loads(line) for line in log.read_text().splitlines()]


@pytest.mark.parametrize('backbone', ['ResNet', 'HRNet', 'CSPNeXt'])
@pytest.mark.parametrize('estimator', ['TopdownTokenPose', 'TopdownPoseEstimator'])
def test_our_neck_and_head_after_mmposes_backbones(backbone, estimator):
    built = MODELS.build(model(backbone, estimator=estimator))
    built.init_weights()
    images = torch.randn(2, 3, 256, 192)
    features = built.extract_feat(images)
    assert features[-1].shape == (2, 17, 24)
    heatmaps = built.head.forward(features)
    assert heatmaps.shape == (2, 17, 64, 48)
    heatmaps.sum().backward()
    first = next(built.backbone.parameters())
    assert first.grad.abs().sum() > 0


@pytest.mark.parametrize(
    ('backbone', 'parts'),
    [
        ('CSPNeXt', {}),
        (
            'ConvStem',
            dict(
                head=dict(
                    type='HeatmapHead',
                    in_channels=256,
                    out_channels=17,
                    deconv_out_channels=None,
                    loss=dict(type='KeypointMSELoss', use_target_weight=True),
                    decoder=CODEC,
                )
            ),
        ),
    ],
)
def test_mixed_models_train_and_evaluate(tmp_path, backbone, parts):
    estimator = 'TopdownPoseEstimator' if parts else 'TopdownTokenPose'
    mixed = model(backbone, estimator=estimator, **parts)
    config = project(tmp_path, model=mixed)
    train(config, work_dir=str(tmp_path / 'run'))
    assert 'coco/AP' in scalars(tmp_path / 'run')[-1]


def test_averaged_weights_early_stopping_and_tensorboard(tmp_path):
    settings = dict(
        model=model('ConvStem'),
        custom_hooks=[
            dict(type='EMAHook', ema_type='ExpMomentumEMA', momentum=0.5),
            # Nothing ever gets better by 2, so it stops after the second evaluation.
            dict(
                type='EarlyStoppingHook',
                monitor='coco/AP',
                rule='greater',
                min_delta=2.0,
                patience=1,
            ),
        ],
        visualizer=dict(
            type='PoseLocalVisualizer',
            vis_backends=[
                dict(type='LocalVisBackend'),
                dict(type='TensorboardVisBackend'),
            ],
        ),
    )
    config = project(tmp_path, **settings)
    run = tmp_path / 'run'
    options = {'train_cfg.max_epochs': 5}
    runner = train(config, work_dir=str(run), cfg_options=options)
    assert runner.epoch == 2
    assert list(run.rglob('events.out.tfevents.*'))
    content = torch.load(run / 'epoch_2.pth')
    # The averaged weights are the ones that are tested and published.
    ours = content['state_dict']['head.projection.1.weight']
    theirs = content['ema_state_dict']['module.head.projection.1.weight']
    assert not torch.equal(ours, theirs)

    options = {'train_cfg.max_epochs': 3, 'custom_hooks.1.patience': 9}
    resumed = train(config, work_dir=str(run), resume='auto', cfg_options=options)
    assert resumed.epoch == 3


def test_wandb_by_config(tmp_path, monkeypatch):
    # MMEngine uploads all code below the current folder.
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('WANDB_MODE', 'offline')
    monkeypatch.setenv('WANDB_SILENT', 'true')
    visualizer = dict(
        type='PoseLocalVisualizer',
        vis_backends=[
            dict(type='LocalVisBackend'),
            dict(type='WandbVisBackend', init_kwargs=dict(project='poses')),
        ],
    )
    config = project(tmp_path, model=model('ConvStem'), visualizer=visualizer)
    train(config, work_dir=str(tmp_path / 'run'))
    assert list((tmp_path / 'run').rglob('*.wandb'))
