"""Dataset and dataloaders of docs/multiview_data.md, as they are written there."""

import json
import re
from pathlib import Path

import made_h36m
import pytest
import torch
from mmengine.config import Config
from mmpose.registry import MODELS
from two_processes import in_two_processes

from ppt_mmpose.apis import test as run_test
from ppt_mmpose.apis import train

PAGE = Path(__file__).parents[2] / 'docs' / 'multiview_data.md'
BASE = """
_base_ = 'mmpose::body_2d_keypoint/topdown_heatmap/coco/' \\
    'td-hm_res50_8xb64-210e_coco-256x192.py'
custom_imports = dict(imports=['ppt_mmpose'], allow_failed_imports=False)
model = dict(
    backbone=dict(depth=18, init_cfg=None),
    head=dict(in_channels=512),
    test_cfg=dict(flip_test=False))
keys = ('id', 'img_id', 'input_size', 'input_center', 'input_scale', 'flip_indices',
    'subject', 'action', 'subaction', 'group_id', 'view_id', 'camera',
    'keypoints_3d_world', 'keypoints_3d_visible')
pipeline = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale', padding=1.0),
    dict(type='TopdownAffine', input_size=(192, 256)),
    dict(type='GenerateTarget', encoder=_base_.codec),
    dict(type='PackPoseInputs', meta_keys=keys)]
"""
# Fewer images than the page has, of which a group lacks a view.
SMALL = """
dataset.update(_delete_=True, pipeline=pipeline, min_views=2, every=1)
val_dataloader['dataset'] = dataset | dict(test_mode=True)
for loader in (train_dataloader, val_dataloader):
    loader.update(batch_size=4, num_workers=1)
del loader
test_dataloader = val_dataloader
val_evaluator = [dict(type='JointDetectionRate'), dict(type='MultiViewMPJPE')]
test_evaluator = val_evaluator
train_cfg = dict(max_epochs=1, val_interval=1)
default_hooks = dict(checkpoint=dict(save_best=None))
randomness = dict(seed=0)
"""


@pytest.fixture(scope='module')
def ready(tmp_path_factory):
    """The config, a checkpoint, and a folder for results."""
    folder = tmp_path_factory.mktemp('data')
    instants = *made_h36m.INSTANTS, (11, 16, 2, 5)
    entries = made_h36m.toolbox_entries(instants)
    # The last view of the last instant.
    made_h36m.write_toolbox(folder, entries[:-1])
    blocks = re.findall('```python\n(.*?)```', PAGE.read_text(), re.DOTALL)
    dataset = next(block for block in blocks if 'annot/h36m_validation' in block)
    loaders = next(block for block in blocks if 'train_dataloader' in block)
    config = folder / 'my_config.py'
    text = BASE + dataset.replace("'data/h36m'", f"'{folder}'") + loaders + SMALL
    config.write_text(text)
    torch.manual_seed(0)
    model = MODELS.build(Config.fromfile(config).model)
    torch.save(dict(state_dict=model.state_dict(), meta={}), folder / 'random.pth')
    return str(config), str(folder / 'random.pth'), folder


def test_two_processes_find_what_one_finds(ready):
    config, checkpoint, folder = ready
    expected = run_test(config, checkpoint, work_dir=str(folder / 'one'))
    # Without the damaged take; one group has three views. Two processes get three
    # and two groups.
    assert expected['pose_3d/instants'] == 5
    assert expected['pose_3d/MPJPE'] > 10
    out = folder / 'two.json'
    in_two_processes(
        *('test.py', config, checkpoint, '--out', out, '--work-dir', folder / 'two')
    )
    assert json.loads(out.read_text()) == pytest.approx(expected, rel=1e-5)


def test_the_same_lines_train(ready):
    config, _, folder = ready
    runner = train(config, work_dir=str(folder / 'train'))
    assert runner.epoch == 1
    assert runner.iter == 5
