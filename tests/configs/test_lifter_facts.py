"""What the released recipes of lifters say, and the papers of their sizes."""

import pytest
from mmengine.config import Config
from mmengine.optim import OptimWrapper
from mmpose.registry import MODELS, PARAM_SCHEDULERS
from torch import nn
from torch.optim import SGD

from ppt_mmpose.apis import config_names, find_config

# name: millions of parameters as printed, blocks before which frames go, how many
# stay, what brings them back. Of h2ot nothing is printed.
SIZES = {
    'mixste_h36m': (33.78, None),
    'hot_mixste_h36m': (35.00, ((3,), (81,), 'attention')),
    'tpc_mixste_h36m': (33.78, ((7,), (61,), None)),
    'h2ot_mixste_h36m': (33.78, ((1, 3, 5), (162, 81, 54), 'linear')),
    'mhformer_h36m': (31.52, None),
    'tpc_mhformer_h36m': (31.52, ((1,), (117,), None)),
    'motionbert_h36m': (16.00, None),
    'hot_motionbert_h36m': (16.35, ((1,), (81,), 'attention')),
    'tpc_motionbert_h36m': (16.00, ((2,), (121,), None)),
}
# Never published.
OURS = ['hot_mixste_synthetic']
MIXSTE = [name for name in SIZES if 'mixste' in name]
MHFORMER = [name for name in SIZES if 'mhformer' in name]
MOTIONBERT = [name for name in SIZES if 'motionbert' in name]
JOINT_WEIGHTS = [1, 1, 2.5, 2.5, 1, 2.5, 2.5, 1, 1, 1, 1.5, 1.5, 4, 4, 1.5, 4, 4]


def config(name):
    return Config.fromfile(find_config(name))


def test_the_table_is_whole():
    assert sorted([*SIZES, *OURS]) == config_names('sequences')


@pytest.mark.parametrize('name', SIZES)
def test_sizes(name):
    printed, pruned = SIZES[name]
    cfg = config(name)
    model = MODELS.build(cfg.model)
    # One is printed cut, not rounded.
    millions = sum(p.numel() for p in model.parameters()) / 1e6
    assert millions == pytest.approx(printed, abs=0.01)
    hourglass = cfg.model.backbone.get('hourglass')
    if pruned is None:
        assert hourglass is None
        return
    blocks, counts, recovery = pruned
    assert (hourglass.prune_blocks, hourglass.kept_frames) == (blocks, counts)
    assert hourglass.get('recovery', 'attention') == recovery
    built = model.backbone.hourglass
    # HoT encodes the place of kept frames, TPC keeps the centre.
    assert bool(len(built.positions)) == (recovery == 'attention')
    assert built.keep_centre == (recovery is None)


def test_models():
    backbone = config('mixste_h36m').model.backbone
    assert (backbone.feat_size, backbone.depth, backbone.num_heads) == (512, 8, 8)
    assert (backbone.mlp_ratio, backbone.seq_len) == (2, 243)
    backbone = config('motionbert_h36m').model.backbone
    assert (backbone.feat_size, backbone.depth, backbone.num_heads) == (256, 5, 8)
    assert (backbone.mlp_ratio, backbone.seq_len) == (4, 243)
    backbone = config('mhformer_h36m').model.backbone
    assert (backbone.feat_size, backbone.generation_depth, backbone.depth) == (
        512,
        4,
        2,
    )
    assert (backbone.track_heads, backbone.num_heads, backbone.seq_len) == (9, 8, 351)


def rates(cfg, epochs):
    """Learning rates of the epochs, by the config's schedulers."""
    (options,) = [cfg.optim_wrapper.optimizer]
    optimizer = SGD(nn.Linear(1, 1).parameters(), options.lr)
    wrapper = OptimWrapper(optimizer)
    schedulers = [
        PARAM_SCHEDULERS.build(dict(one, optimizer=optimizer))
        for one in cfg.param_scheduler
    ]
    found = []
    for _ in range(epochs):
        found.append(wrapper.get_lr()['lr'][0])
        optimizer.step()
        for scheduler in schedulers:
            scheduler.step()
    return found


@pytest.mark.parametrize('name', MIXSTE)
def test_recipe_of_mixste(name):
    cfg = config(name)
    optimizer = dict(type='AdamW', lr=4e-5, weight_decay=0.1)
    assert cfg.optim_wrapper == dict(optimizer=optimizer)
    assert rates(cfg, 4) == pytest.approx([4e-5 * 0.99**epoch for epoch in range(4)])
    assert cfg.train_cfg.max_epochs == 160
    assert cfg.randomness.seed == 1126
    assert cfg.train_dataloader.batch_size == cfg.auto_scale_lr.base_batch_size == 4
    assert cfg.train_dataloader.dataset.get('stride') is None
    assert cfg.model.backbone.drop_path_rate == 0.1
    loss = MODELS.build(cfg.model.head.loss)
    assert loss.joint_weights.tolist() == JOINT_WEIGHTS
    assert (loss.temporal_weight, loss.velocity_weight) == (0.5, 2)


@pytest.mark.parametrize('name', MHFORMER)
def test_recipe_of_mhformer(name):
    cfg = config(name)
    optimizer = dict(type='Adam', lr=1e-3, amsgrad=True)
    assert cfg.optim_wrapper == dict(optimizer=optimizer)
    expected = [1e-3]
    for epoch in range(1, 12):
        expected.append(expected[-1] * (0.95 if epoch % 5 else 0.5))
    assert rates(cfg, 12) == pytest.approx(expected)
    assert cfg.train_cfg.max_epochs == 20
    assert cfg.randomness.seed == 1
    batch = 210 if name.startswith('tpc') else 128
    assert cfg.train_dataloader.batch_size == cfg.auto_scale_lr.base_batch_size == batch
    assert cfg.train_dataloader.dataset.stride == 1
    backbone = cfg.model.backbone
    assert (backbone.drop_rate, backbone.drop_path_rate) == (0.1, 0.2)
    assert cfg.model.head.loss.type == 'MPJPELoss'
    assert cfg.model.test_cfg.output == 'centre'


@pytest.mark.parametrize('name', MOTIONBERT)
def test_recipe_of_motionbert_is_mmposes(name):
    cfg = config(name)
    theirs = Config.fromfile(
        find_config(
            'mmpose::body_3d_keypoint/motionbert/h36m/'
            'motionbert_dstformer-243frm_8xb32-240e_h36m.py'
        )
    )
    optimizer = dict(type='AdamW', lr=2e-4, weight_decay=0.01)
    assert cfg.optim_wrapper.optimizer == theirs.optim_wrapper.optimizer == optimizer
    ours = rates(cfg, 240)
    assert ours[0] == 2e-4
    assert ours == pytest.approx(rates(theirs, 240))
    assert cfg.train_cfg.max_epochs == theirs.train_cfg.max_epochs == 240
    assert cfg.train_dataloader.batch_size == theirs.train_dataloader.batch_size == 32
    # Of 8 processes, as the name of theirs says.
    assert cfg.auto_scale_lr.base_batch_size == 8 * 32
    assert cfg.model.head.loss == theirs.model.head.loss
    assert cfg.train_dataloader.dataset.stride == 81


@pytest.mark.parametrize('name', SIZES)
def test_data(name):
    cfg = config(name)
    parts = dict(train='train', val='test', test='test')
    for loader, part in parts.items():
        dataset = cfg[f'{loader}_dataloader'].dataset
        assert dataset.ann_file == f'annotation_body3d/fps50/h36m_{part}.npz'
        assert dataset.keypoint_2d_src == 'detection'
        detected = f'joint_2d_det_files/cpn_ft_h36m_dbb_{part}.npy'
        assert dataset.keypoint_2d_det_file == detected
    evaluator = cfg.val_evaluator
    assert evaluator == cfg.test_evaluator
    assert (evaluator.type, evaluator.mode) == ('SequenceMPJPE', ['mpjpe', 'p-mpjpe'])
    # Means of actions, frames beyond the ends included.
    assert evaluator.get('aggregate', 'actions') == 'actions'
    assert evaluator.get('count_padding', True)
    assert cfg.model.test_cfg.flip_test
    flips = [
        step
        for step in cfg.train_dataloader.dataset.pipeline
        if step.type == 'RandomFlipAroundRoot'
    ]
    assert [step.flip_prob for step in flips] == [0.5]
    checkpoint = cfg.default_hooks.checkpoint
    assert (checkpoint.save_best, checkpoint.rule) == ('MPJPE', 'less')
