"""Two processes on a CPU do what one does with the joined batch."""

import json
from pathlib import Path

import pytest
import torch
from drawn_people import PLAIN_PIPELINE, draw
from mmengine.config import Config
from two_processes import in_two_processes

from ppt_mmpose.apis import test as run_test
from ppt_mmpose.apis import train
from ppt_mmpose.apis.processes import TOLD, join_processes

ROOT = Path(__file__).parents[2]
# No augmentation and no shuffling; three steps of four people, and seven people to
# evaluate, which two processes cannot share evenly.
CONFIG = """
_base_ = '{root}/configs/ppt_s_coco.py'
people = '{people}'
{pipeline}
loader = dict(batch_size=2, num_workers=0, persistent_workers=False)
data = dict(data_root=people, ann_file='people.json', data_prefix=dict(img=''))
train_dataloader = dict(
    sampler=dict(shuffle=False), dataset=dict(pipeline=pipeline, **data), **loader)
test_dataloader = dict(dataset=dict(indices=7, bbox_file=None, **data), **loader)
test_evaluator = dict(_delete_=True, type='EPE')
val_dataloader = val_evaluator = val_cfg = None
model = dict(
    backbone=dict(norm_eval=True),
    neck=dict(stages=(2,), prune_blocks=(0,), keep_ratio=0.7))
train_cfg = dict(max_epochs=1)
randomness = dict(seed=0, deterministic=True)
default_hooks = dict(
    keep_ratio=dict(warmup_epochs=0, ramp_epochs=0),
    checkpoint=dict(interval=1, save_best=None))
"""
# MMEngine deals samples out in turns: the first process gets 0 and 2, the second 1
# and 3. In this order one process meets the same pairs, one after the other.
DEALT = [0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11]


@pytest.fixture(scope='module')
def config(tmp_path_factory):
    folder = tmp_path_factory.mktemp('toy')
    people = draw(folder / 'people', count=12)
    (folder / 'toy.py').write_text(
        CONFIG.format(root=ROOT, people=people, pipeline=PLAIN_PIPELINE)
    )
    return str(folder / 'toy.py')


def weights(folder):
    return torch.load(folder / 'epoch_1.pth')['state_dict']


def differences(ours, theirs, keys):
    return {
        key: (ours[key].double() - theirs[key].double()).abs().max().item()
        for key in keys
    }


def test_weights_and_metric_equal_those_of_one_process(config, tmp_path):
    in_two_processes('train.py', config, '--work-dir', tmp_path / 'two')
    options = {'train_dataloader.batch_size': 4}
    train(config, work_dir=str(tmp_path / 'one'), cfg_options=options)
    two, one = weights(tmp_path / 'two'), weights(tmp_path / 'one')
    assert one.keys() == two.keys()
    apart = differences(two, one, one)
    assert max(apart.values()) < 1e-5, apart

    checkpoint, out = str(tmp_path / 'one' / 'epoch_1.pth'), tmp_path / 'metrics.json'
    in_two_processes(
        *('test.py', config, checkpoint, '--out', out),
        *('--work-dir', tmp_path / 'test'),
    )
    alone = run_test(config, checkpoint, work_dir=str(tmp_path / 'test'))
    assert alone['EPE'] > 0
    assert json.loads(out.read_text()) == pytest.approx(alone, rel=1e-6)


def test_batch_norm_sees_the_batch_of_its_process(config, tmp_path):
    option = 'model.backbone.norm_eval'
    in_two_processes(
        *('train.py', config, '--work-dir', tmp_path / 'two'),
        *('--cfg-options', f'{option}=False'),
    )
    ways = {
        'joined': {'train_dataloader.batch_size': 4},
        'in_turns': {
            'train_dataloader.dataset.indices': DEALT,
            'optim_wrapper.accumulative_counts': 2,
        },
    }
    for name, options in ways.items():
        folder = str(tmp_path / name)
        runner = train(config, work_dir=folder, cfg_options={option: False} | options)
    learned = dict(runner.model.named_parameters())
    two, joined, in_turns = (weights(tmp_path / n) for n in ('two', *ways))
    assert max(differences(two, joined, learned).values()) > 1e-4
    apart = differences(two, in_turns, learned)
    assert max(apart.values()) < 1e-5, apart


@pytest.fixture
def cfg(monkeypatch):
    for name in TOLD:
        monkeypatch.setenv(name, '1')
    return Config(dict(launcher='pytorch', model=dict(type='A')))


def test_one_process_needs_nothing(cfg):
    cfg.launcher = 'none'
    assert join_processes(cfg) is None


def test_the_wrapper_of_the_config_stays(cfg, monkeypatch):
    monkeypatch.setattr('ppt_mmpose.apis.processes.is_distributed', lambda: True)
    cfg.find_unused_parameters = True
    assert join_processes(cfg) == dict(
        broadcast_buffers=False, find_unused_parameters=True, device_ids=None
    )
    cfg.model_wrapper_cfg = dict(type='MMSeparateDistributedDataParallel')
    assert join_processes(cfg) == dict(cfg.model_wrapper_cfg, device_ids=None)
    assert 'device_ids' not in cfg.model_wrapper_cfg


def test_a_process_that_no_launcher_started_is_refused(cfg, monkeypatch):
    monkeypatch.delenv('RANK')
    with pytest.raises(ValueError, match='got no RANK; start with: torchrun'):
        join_processes(cfg)


def test_synchronised_batch_norm_is_refused_on_a_cpu(cfg):
    cfg.model.parts = [dict(norm_cfg=dict(type='SyncBN'))]
    with pytest.raises(ValueError, match='synchronised batch norm'):
        join_processes(cfg)


def test_slurm_needs_an_accelerator(cfg):
    cfg.launcher = 'slurm'
    with pytest.raises(ValueError, match="launcher 'slurm' needs an accelerator"):
        join_processes(cfg)


def test_with_an_accelerator_everything_is_mmengines(cfg, monkeypatch):
    monkeypatch.setattr('ppt_mmpose.apis.processes.get_device', lambda: 'cuda')
    cfg.model.norm_cfg = dict(type='SyncBN')
    assert join_processes(cfg) is None
    assert not torch.distributed.is_initialized()
