"""Killed with -9 and resumed, a training goes on as if nothing had happened."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from drawn_people import PLAIN_PIPELINE, draw

from ppt_mmpose.apis import train

ROOT = Path(__file__).parents[2]
# Without shuffling and augmentation, as MMEngine does not save random states.
CONFIG = """
_base_ = '{config}'
people = '{people}'
{pipeline}
train_dataloader = dict(
    batch_size=2, num_workers=0, persistent_workers=False,
    sampler=dict(shuffle=False),
    dataset=dict(data_root=people, ann_file='people.json', data_prefix=dict(img=''),
                 pipeline=pipeline))
val_dataloader = test_dataloader = None
val_evaluator = test_evaluator = None
val_cfg = test_cfg = None
model = dict(neck=dict(stages=(3,), prune_blocks=(1,)))
train_cfg = dict(max_epochs=5, val_interval=100)
param_scheduler = [dict(type='MultiStepLR', milestones=[3], by_epoch=True)]
randomness = dict(seed=0, deterministic=True)
default_hooks = dict(
    keep_ratio=dict(warmup_epochs=1, ramp_epochs=3),
    checkpoint=dict(interval=1, save_best=None, max_keep_ckpts=1),
    logger=dict(interval=1))
log_level = 'WARNING'
"""


@pytest.fixture
def config(tmp_path):
    people = draw(tmp_path / 'people', count=6)
    path = tmp_path / 'toy.py'
    base = ROOT / 'configs' / 'ppt_s_coco.py'
    path.write_text(CONFIG.format(config=base, people=people, pipeline=PLAIN_PIPELINE))
    return str(path)


def history(runner, name):
    return runner.message_hub.get_scalar(f'train/{name}').data[0].tolist()


def test_killed_and_resumed_equals_uninterrupted(config, tmp_path):
    whole = train(config, work_dir=str(tmp_path / 'whole'))

    killed = tmp_path / 'killed'
    command = [sys.executable, str(ROOT / 'tools' / 'train.py'), config]
    process = subprocess.Popen(
        [*command, '--work-dir', str(killed)],
        stdout=subprocess.DEVNULL,
        env=os.environ | dict(PYTHONPATH=str(ROOT)),
    )
    while not set(killed.glob('epoch_[2-4].pth')):
        assert process.poll() is None, 'the training ended before it was killed'
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    survivors = sorted(killed.glob('*.pth'))
    assert survivors
    for path in survivors:
        torch.load(path)
    last = torch.load(survivors[-1])['meta']
    assert last['epoch'] >= 2

    resumed = train(config, work_dir=str(killed), resume='auto')
    assert (resumed.epoch, resumed.iter) == (whole.epoch, whole.iter) == (5, 15)
    for name in ('lr', 'keep_ratio', 'loss'):
        assert history(resumed, name) == pytest.approx(history(whole, name)), name
    assert len(set(history(whole, 'lr'))) == 2
    assert len(set(history(whole, 'keep_ratio'))) > 5
    ours, theirs = (
        runner.optim_wrapper.optimizer.state_dict()['state']
        for runner in (resumed, whole)
    )
    for index, state in theirs.items():
        for key, value in state.items():
            assert torch.allclose(ours[index][key], value, atol=1e-7), key
    for key, value in whole.model.state_dict().items():
        assert torch.allclose(resumed.model.state_dict()[key], value, atol=1e-6), key


def test_an_option_without_effect_is_refused(config, tmp_path):
    options = {'codec.input_size': (96, 128)}
    with pytest.raises(ValueError, match=r'codec\.input_size has no effect'):
        train(config, work_dir=str(tmp_path), cfg_options=options)


def test_resuming_an_empty_folder_starts_anew(config, tmp_path):
    runner = train(
        config,
        work_dir=str(tmp_path / 'new'),
        resume='auto',
        cfg_options={'train_cfg.max_epochs': 1},
    )
    assert runner.epoch == 1


def test_resuming_an_empty_folder_begins_with_the_configs_weights(config, tmp_path):
    short = {'train_cfg.max_epochs': 1}
    before = train(config, work_dir=str(tmp_path / 'before'), cfg_options=short)
    weights = str(tmp_path / 'before' / 'epoch_1.pth')
    # Nothing moves, so that what it began with can be seen.
    still = {'load_from': weights, 'optim_wrapper.optimizer.lr': 0.0, **short}
    after = train(
        config, work_dir=str(tmp_path / 'after'), resume='auto', cfg_options=still
    )
    for old, new in zip(before.model.parameters(), after.model.parameters()):
        assert torch.equal(old, new)


def test_the_learning_rate_scales_with_the_batch(config, tmp_path):
    runner = train(
        config,
        work_dir=str(tmp_path / 'scaled'),
        auto_scale_lr=True,
        cfg_options={'train_cfg.max_epochs': 1},
    )
    # The recipe is for 128 samples a step, and a step has two here.
    assert history(runner, 'lr')[0] == pytest.approx(1e-3 * 2 / 128)


def test_mixed_precision_without_an_accelerator(config, tmp_path):
    short = {'train_cfg.max_epochs': 1}
    low, whole = (
        train(config, work_dir=str(tmp_path / str(amp)), amp=amp, cfg_options=short)
        for amp in (True, False)
    )
    names = [type(one.optim_wrapper).__name__ for one in (low, whole)]
    assert names == ['BFloat16OptimWrapper', 'OptimWrapper']
    assert history(low, 'loss') == pytest.approx(history(whole, 'loss'), rel=0.02)
    assert history(low, 'loss') != history(whole, 'loss')
