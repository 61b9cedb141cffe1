"""The small HoT trains, goes on and evaluates on drawn people who move."""

import json
from pathlib import Path

import pytest
import torch
from two_processes import in_two_processes

from ppt_mmpose.apis import test as run_test
from ppt_mmpose.apis import train
from ppt_mmpose.datasets.synthetic.sequences import SequencePlan, make_sequences

ROOT = Path(__file__).parents[2]
# Windows in order; Adam's first steps are as long for a gradient that is nothing but
# rounding as for any other.
# The loss without velocities: in the beginning all recovered frames are equal, and the
# direction of a velocity that is nothing but rounding counts as much as any other.
CONFIG = """
_base_ = '{root}/configs/hot_mixste_synthetic.py'
loader = dict(batch_size=4, num_workers=0, persistent_workers=False)
train_dataloader = dict(
    sampler=dict(shuffle=False), dataset=dict(data_root='{data}'), **loader)
val_dataloader = dict(dataset=dict(data_root='{data}'), **loader)
test_dataloader = val_dataloader
model = dict(
    backbone=dict(feat_size=16, depth=2),
    head=dict(in_channels=16, loss=dict(velocity_weight=0)))
train_cfg = dict(max_epochs=2, val_interval=2)
param_scheduler = []
optim_wrapper = dict(optimizer=dict(_delete_=True, type='SGD', lr=1e-3))
randomness = dict(seed=0, deterministic=True)
"""


# Nobody is mirrored, so that nothing is left to chance.
STILL = {'train_dataloader.dataset.pipeline.1.flip_prob': 0.0}


@pytest.fixture(scope='module')
def config(tmp_path_factory):
    """On eight windows to train on, and four to evaluate on."""
    folder = tmp_path_factory.mktemp('sequences')
    make_sequences(folder / 'data', SequencePlan(frames=54, cameras=2), train=2, val=1)
    path = folder / 'small.py'
    path.write_text(CONFIG.format(root=ROOT, data=folder / 'data'))
    return str(path)


def run(config, folder, **options):
    # MMEngine keeps one visualizer of each name, which keeps its folder.
    name = {'visualizer.name': f'{folder} {len(options)}'}
    resume = options.pop('resume', False)
    options = {**STILL, **name, **options}
    return train(config, work_dir=str(folder), resume=resume, cfg_options=options)


@pytest.fixture(scope='module')
def one(config, tmp_path_factory):
    """The work folder of one process."""
    folder = tmp_path_factory.mktemp('one')
    run(config, folder)
    return folder


def logged(folder):
    (log,) = folder.glob('*/vis_data/scalars.json')
    return [json.loads(line) for line in log.read_text().splitlines()]


def weights(folder):
    return torch.load(folder / 'epoch_2.pth')['state_dict']


def apart(ours, theirs):
    assert ours.keys() == theirs.keys()
    return max((ours[name] - theirs[name]).abs().max().item() for name in ours)


def test_trains_and_evaluates(one):
    *steps, found = logged(one)
    assert steps[-1]['step'] == 4
    assert steps[-1]['loss_pose3d'] > 0
    for part in ('', '_kept', '_pruned', '_centre'):
        assert 50 < found[f'MPJPE{part}'] < 2000
    assert found['P-MPJPE'] < found['MPJPE']


def test_a_test_gives_what_the_training_had(config, one):
    *_, expected = logged(one)
    found = run_test(config, str(one / 'epoch_2.pth'), work_dir=str(one / 'test'))
    assert found['MPJPE'] == pytest.approx(expected['MPJPE'], rel=1e-6)


def test_a_training_goes_on_where_it_was_stopped(config, one, tmp_path):
    run(config, tmp_path, **{'train_cfg.max_epochs': 1})
    run(config, tmp_path, resume='auto')
    assert apart(weights(one), weights(tmp_path)) < 1e-7


def test_weights_of_two_processes_are_those_of_one(config, one, tmp_path):
    given = [f'{key}={value}' for key, value in STILL.items()]
    arguments = ('--work-dir', tmp_path, '--cfg-options', *given)
    in_two_processes('train.py', config, *arguments, 'train_dataloader.batch_size=2')
    # What is left is rounding.
    assert apart(weights(one), weights(tmp_path)) < 1e-6


def test_two_processes_count_each_window_once(config, one, tmp_path):
    checkpoint, out = str(one / 'epoch_2.pth'), tmp_path / 'two.json'
    expected = run_test(config, checkpoint, work_dir=str(tmp_path / 'one'))
    in_two_processes(
        *('test.py', config, checkpoint, '--out', out),
        *('--work-dir', tmp_path / 'two'),
    )
    assert json.loads(out.read_text()) == pytest.approx(expected, rel=1e-6)


def test_moving_averages_and_low_precision(config, tmp_path):
    hook = dict(type='EMAHook', momentum=0.5)
    options = {'optim_wrapper.type': 'BFloat16OptimWrapper', 'custom_hooks': [hook]}
    assert run(config, tmp_path, **options).iter == 4
    saved = torch.load(tmp_path / 'epoch_2.pth')
    name = 'backbone.encoder.hourglass.recovery.queries'
    both = saved['state_dict'][name], saved['ema_state_dict'][f'module.{name}']
    assert not torch.equal(*both)
