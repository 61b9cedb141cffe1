"""The commands of docs/hot.md, as they are written, on made-up data."""

import pickle
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmpose.datasets.datasets import Human36mDataset
from mmpose.registry import MODELS
from options import parsed_cfg_options

from ppt_mmpose.apis import config_names, find_config, train
from ppt_mmpose.apis import test as run_test
from ppt_mmpose.datasets.pose_sequences import Sequence3D, write_arrays

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / 'docs' / 'hot.md').read_text()
COMMANDS = [
    shlex.split(line)
    for block in re.findall('```shell\n(.*?)```', TEXT, re.DOTALL)
    for line in block.replace('\\\n', ' ').splitlines()
]
OF_H36M = [name for name in config_names('sequences') if name.endswith('h36m')]
FRAMES = 9
CAMERA = dict(
    w=1000,
    h=1002,
    f=np.array([[1145.0], [1144.0]]),
    c=np.array([[512.0], [515.0]]),
)


def walking(rng, subject, length):
    """Somebody of 17 joints who wanders, 5 m from the camera."""
    body = rng.normal(0, 0.3, (1, 17, 3))
    way = np.array([0, 0, 5]) + np.cumsum(rng.normal(0, 0.02, (length, 1, 3)), 0)
    poses = (body + way + rng.normal(0, 0.02, (length, 17, 3))).astype(np.float32)
    places = poses[..., :2] / poses[..., 2:] * CAMERA['f'][:, 0] + CAMERA['c'][:, 0]
    seen = places + rng.normal(0, 3, places.shape)
    return Sequence3D(subject, 'Walking_1', '54138969', poses, places, seen)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with data where the configs expect them, and where training starts."""
    monkeypatch.chdir(tmp_path)
    names = Human36mDataset._load_metainfo()['keypoint_id2name']
    joints = [names[joint] for joint in range(17)]
    rng, data = np.random.default_rng(0), tmp_path / 'data/h36m'
    for part, subject in (('train', 'S1'), ('test', 'S9')):
        write_arrays(
            data / f'annotation_body3d/fps50/h36m_{part}.npz',
            [walking(rng, subject, 30)],
            joints,
            data / f'joint_2d_det_files/cpn_ft_h36m_dbb_{part}.npy',
        )
    cameras = {(subject, '54138969'): CAMERA for subject in ('S1', 'S9')}
    (data / 'annotation_body3d/cameras.pkl').write_bytes(pickle.dumps(cameras))
    return tmp_path


def small(name):
    """Options that make a config small, for nine frames."""
    cfg = Config.fromfile(find_config(name))
    channels = 48 if 'mhformer' in name else 16
    changes = {
        'model.backbone.feat_size': 16,
        'model.backbone.seq_len': FRAMES,
        'model.head.in_channels': channels,
        'train_cfg.max_epochs': 1,
        'train_cfg.val_interval': 1,
        'default_hooks.checkpoint.interval': 1,
        'randomness.seed': 0,
        'log_level': 'WARNING',
    }
    hourglass = cfg.model.backbone.get('hourglass')
    if hourglass is not None:
        counts = tuple(count * FRAMES // 243 for count in hourglass.kept_frames)
        changes['model.backbone.hourglass.kept_frames'] = counts
    for part in ('train', 'val', 'test'):
        dataset = f'{part}_dataloader.dataset'
        changes |= {
            f'{dataset}.frames': FRAMES,
            f'{part}_dataloader.num_workers': 0,
            f'{part}_dataloader.persistent_workers': False,
            f'{part}_dataloader.batch_size': 4,
        }
        if 'seq_len' in cfg[f'{part}_dataloader'].dataset:
            changes[f'{dataset}.seq_len'] = FRAMES
        if cfg[f'{part}_dataloader'].dataset.get('stride') not in (1, None):
            changes[f'{dataset}.stride'] = 3
    return changes


def trained(name):
    runner = train(name, work_dir='out', cfg_options=small(name))
    found = runner.message_hub.log_scalars
    return runner, {key: value.current() for key, value in found.items()}


@pytest.mark.parametrize('name', OF_H36M)
def test_configs_of_human36m_train_and_evaluate(here, name):
    runner, found = trained(name)
    assert runner.iter > 0
    for metric in ('MPJPE', 'P-MPJPE'):
        # Of somebody who is a metre tall, by a model that has learnt next to nothing.
        assert 50 < found[f'val/{metric}'] < 2000
    assert np.isfinite(found['train/loss'])
    prunes = runner.model.backbone.hourglass is not None
    assert ('val/MPJPE_kept' in found) == prunes
    assert list(here.glob('out/best_MPJPE_*.pth'))


def test_what_was_trained_is_tested_and_dumped(here):
    _, expected = trained('hot_mixste_h36m')
    found = run_test(
        'hot_mixste_h36m',
        'out/epoch_1.pth',
        work_dir='tested',
        cfg_options=small('hot_mixste_h36m'),
        dump='poses.pkl',
    )
    assert found['MPJPE'] == pytest.approx(expected['val/MPJPE'], rel=1e-5)
    poses = pickle.loads(Path('poses.pkl').read_bytes())
    # 30 frames in windows of nine.
    assert len(poses) == 4
    for pose in poses:
        assert pose['pred_instances']['keypoints'].shape == (FRAMES, 17, 3)
        assert pose['pred_instances']['frames'].tolist() == list(range(FRAMES))
        assert pose['pred_instances']['frame_kept'].sum() == 3


def test_commands_name_what_is_there():
    kinds = {' '.join(command[:2]) for command in COMMANDS}
    assert kinds == {
        *('mim train', 'mim test', 'python tools/convert_checkpoint.py'),
        'python tools/make_synthetic_sequences.py',
    }
    for command in COMMANDS:
        if command[0] == 'mim':
            assert command[2] == 'ppt_mmpose'
            assert command[3].removesuffix('.py') in config_names('sequences')
        else:
            assert (ROOT / command[1]).is_file()


def test_the_table_names_what_is_there():
    named = re.findall(r'^\| `(\w+)` \| \d+', TEXT, re.MULTILINE)
    assert sorted(named) == config_names('sequences')


def test_epochs_of_the_commands_are_those_of_the_configs():
    for command in COMMANDS:
        for name, epoch in re.findall(
            r'work_dirs/(\w+)/epoch_(\d+)', ' '.join(command)
        ):
            assert Config.fromfile(find_config(name)).train_cfg.max_epochs == int(epoch)


def test_mmposes_motionbert_loads_with_the_options():
    (command,) = [c for c in COMMANDS if 'mmpose_motionbert.pth' in c]
    options = parsed_cfg_options(command[command.index('--cfg-options') + 1 :])
    cfg = Config.fromfile(find_config('motionbert_h36m'))
    cfg.merge_from_dict(options)
    theirs = Config.fromfile(
        find_config(
            'mmpose::body_3d_keypoint/motionbert/h36m/'
            'motionbert_dstformer-243frm_8xb32-240e_h36m.py'
        )
    )
    model = MODELS.build(cfg.model)
    model.load_state_dict(MODELS.build(theirs.model).state_dict(), strict=True)


@pytest.mark.parametrize(
    ('inputs', 'message'),
    [
        (
            torch.zeros(1, 244, 17, 2),
            'expected (batch, at most 243 frames, 17 joints, 2',
        ),
        (torch.zeros(1, 9, 16, 2), 'expected (batch, at most 243 frames, 17 joints, 2'),
        (torch.full((1, 9, 17, 2), torch.nan), 'expected numbers, got nan in sample 0'),
        (torch.full((1, 9, 17, 2), 512.0), 'expected normalised coordinates ('),
    ],
)
def test_messages_are_those_of_the_page(inputs, message):
    model = MODELS.build(Config.fromfile(find_config('mixste_h36m')).model)
    assert f'`keypoints: {message}' in TEXT
    with pytest.raises(ValueError, match=re.escape(f'keypoints: {message}')):
        model(inputs)
