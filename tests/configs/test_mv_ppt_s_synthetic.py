"""The small multi-view PPT trains and evaluates on drawn views, in any processes."""

import json
from pathlib import Path

import pytest
import torch
from two_processes import in_two_processes

from ppt_mmpose.apis import test as run_test
from ppt_mmpose.apis import train
from ppt_mmpose.datasets.synthetic.views import Plan, make_views
from ppt_mmpose.models import MultiViewTokenPose

ROOT = Path(__file__).parents[2]
# Instants in order, one in a batch, and no batch norm that sees the batch. Adam's first
# steps are as long for a gradient that is nothing but rounding as for any other.
CONFIG = """
_base_ = '{root}/configs/mv_ppt_s_synthetic.py'
loader = dict(batch_size=3, num_workers=0, persistent_workers=False)
train_dataloader = dict(
    sampler=dict(shuffle=False), dataset=dict(data_root='{views}/train'), **loader)
val_dataloader = dict(dataset=dict(data_root='{views}/val'), **loader)
test_dataloader = val_dataloader
model = dict(backbone=dict(norm_eval=True))
train_cfg = dict(max_epochs=1, val_interval=1)
param_scheduler = []
optim_wrapper = dict(optimizer=dict(_delete_=True, type='SGD', lr=1e-3))
randomness = dict(seed=0, deterministic=True)
"""


@pytest.fixture(scope='module')
def config(tmp_path_factory):
    """On four instants of three cameras to train on, and three to evaluate on.

    An instant of both lacks a view. Two processes cannot share the latter evenly.
    """
    folder = tmp_path_factory.mktemp('views')
    make_views(folder / 'views', Plan(cameras=3, size=160), train=4, val=3)
    (folder / 'views' / 'train' / 'cam1' / '000002.jpg').unlink()
    (folder / 'views' / 'val' / 'cam0' / '000001.jpg').unlink()
    path = folder / 'small.py'
    path.write_text(CONFIG.format(root=ROOT, views=folder / 'views'))
    return str(path)


@pytest.fixture(scope='module')
def one(config, tmp_path_factory):
    """The work folder of one process, with two instants in a batch."""
    folder = tmp_path_factory.mktemp('one')
    # MMEngine keeps one visualizer of each name, which keeps its folder.
    options = {'train_dataloader.batch_size': 6, 'visualizer.name': str(folder)}
    train(config, work_dir=str(folder), cfg_options=options)
    return folder


def logged(folder):
    (log,) = folder.glob('*/vis_data/scalars.json')
    return [json.loads(line) for line in log.read_text().splitlines()]


def weights(folder):
    return torch.load(folder / 'epoch_1.pth')['state_dict']


def test_trains_and_evaluates(one):
    steps, found = logged(one)
    assert steps['step'] == 2
    assert steps['loss_kpt'] > 0
    assert steps['loss_attention'] > 0
    assert found['pose_3d/instants'] == 3
    assert 0 <= found['pose_2d/JDR'] <= 1


def test_weights_of_two_processes_are_those_of_one(config, one, tmp_path):
    in_two_processes('train.py', config, '--work-dir', tmp_path)
    theirs, ours = weights(tmp_path), weights(one)
    assert ours.keys() == theirs.keys()
    apart = {
        name: (ours[name] - theirs[name]).abs().max().item()
        for name in ours
        if ours[name].is_floating_point()
    }
    assert max(apart.values()) < 1e-6, apart


def test_two_processes_count_each_instant_once(config, one, tmp_path):
    checkpoint, out = str(one / 'epoch_1.pth'), tmp_path / 'two.json'
    expected = run_test(config, checkpoint, work_dir=str(tmp_path / 'one'))
    assert expected['pose_3d/instants'] == 3
    in_two_processes(
        *('test.py', config, checkpoint, '--out', out),
        *('--work-dir', tmp_path / 'two'),
    )
    # Joints that no instant has found have no error.
    found = json.loads(out.read_text())
    assert found == pytest.approx(expected, rel=1e-6, nan_ok=True)


def test_views_are_dropped_in_training_where_that_is_asked_for(
    config, tmp_path, monkeypatch
):
    counts, loss = [], MultiViewTokenPose.loss

    def counted(model, inputs, data_samples):
        counts.append(len(inputs))
        return loss(model, inputs, data_samples)

    monkeypatch.setattr(MultiViewTokenPose, 'loss', counted)
    sampler = 'train_dataloader.batch_sampler'
    options = {f'{sampler}.drop_view_prob': 0.5, f'{sampler}.min_views': 1}
    runner = train(config, work_dir=str(tmp_path), cfg_options=options)
    assert runner.iter == len(counts) == 4
    assert set(counts) <= {1, 2, 3}
    # Of 3, 3, 2 and 3.
    assert sum(counts) < 11


def test_a_batch_that_would_tear_instants(config, tmp_path):
    options = {'train_dataloader.batch_size': 4}
    message = 'batch_size: expected a multiple of 3, the views of a group, got 4'
    with pytest.raises(ValueError, match=message):
        train(config, work_dir=str(tmp_path), cfg_options=options)
