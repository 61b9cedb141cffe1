"""The bases of sequences: what leaves take over from them."""

import pytest
import torch
from made_sequences import sequence, write_made
from mmengine.config import Config
from mmpose.registry import DATASETS, KEYPOINT_CODECS, METRICS, TRANSFORMS

from ppt_mmpose.apis.config_files import config_folder
from ppt_mmpose.datasets.pose_sequences import h36m, humaneva

BASES = (
    *('h36m_sequences_243', 'h36m_sequences_351', 'humaneva_sequences'),
    'drawn_sequences',
)
LOADERS = ('train_dataloader', 'val_dataloader', 'test_dataloader')


def base(name, **options):
    config = Config.fromfile(config_folder() / '_base_' / f'{name}.py')
    config.merge_from_dict(options)
    return config


def metainfo(config):
    dataset = config.train_dataloader.dataset
    return DATASETS.get(dataset.type)._load_metainfo(dataset.get('metainfo'))


@pytest.mark.parametrize('name', BASES)
def test_parts_belong_together(name):
    config = base(name)
    joints = metainfo(config)['num_keypoints']
    train = config.train_dataloader.dataset
    assert KEYPOINT_CODECS.build(config.codec).num_keypoints == joints
    for loader in LOADERS:
        dataset = config[loader].dataset
        assert dataset.frames == train.frames
        assert dataset.get('metainfo') == train.get('metainfo')
        kinds = [step.type for step in dataset.pipeline]
        assert ('RandomFlipAroundRoot' in kinds) == (loader == 'train_dataloader')
        for step in dataset.pipeline:
            TRANSFORMS.build(step)
        assert dataset.pipeline[0].encoder == config.codec
    assert METRICS.build(config.test_evaluator).modes == ['mpjpe', 'p-mpjpe']


@pytest.mark.parametrize('name', BASES)
def test_centre_frames_by_an_option(name):
    config = base(name, **{'test_dataloader.dataset.stride': 1})
    assert config.test_dataloader.dataset.stride == 1
    expected = 1 if name == 'h36m_sequences_351' else None
    assert config.val_dataloader.dataset.get('stride') == expected


def test_as_released():
    config = base('h36m_sequences_243')
    assert config.train_dataloader.batch_size == 4
    assert config.train_dataloader.dataset.frames == 243
    assert 'stride' not in config.train_dataloader.dataset
    config = base('h36m_sequences_351')
    assert config.train_dataloader.dataset.frames == 351
    assert config.train_dataloader.dataset.stride == 1


def test_joints_are_those_of_the_makers():
    for name, joints in (
        ('h36m_sequences_243', h36m),
        ('humaneva_sequences', humaneva),
    ):
        names = metainfo(base(name))['keypoint_id2name']
        assert tuple(names[joint] for joint in range(len(names))) == joints.JOINTS


def test_humaneva():
    info = metainfo(base('humaneva_sequences'))
    parents = [-1, 0, 1, 2, 3, 1, 5, 6, 0, 8, 9, 0, 11, 12, 1]
    links = {(parents[joint], joint) for joint in range(1, 15)}
    assert set(info['skeleton_links']) == links
    assert info['flip_indices'] == [0, 1, 5, 6, 7, 2, 3, 4, 11, 12, 13, 8, 9, 10, 14]


@pytest.mark.parametrize('name', BASES)
def test_a_batch(name, tmp_path):
    config = base(name)
    made = write_made(tmp_path, sequence('S1', 'Walking_1', 9))
    dataset = config.val_dataloader.dataset
    pipeline = list(dataset.pipeline)
    pipeline[0] = dict(pipeline[0], encoder=dict(config.codec, num_keypoints=3))
    kept = {
        key: value
        for key, value in dataset.items()
        if not key.startswith(('keypoint_2d', 'metainfo', 'ann', 'camera', 'data'))
    }
    built = DATASETS.build({**kept, **made, 'pipeline': pipeline})
    packed = built[0]
    assert packed['inputs'].shape == (dataset.frames, 3, 2)
    assert packed['inputs'].dtype == torch.float32
    meta = packed['data_samples'].metainfo
    assert set(meta) >= {
        *('id', 'category_id', 'target_img_path', 'flip_indices', 'target_root'),
        *('camera_param', 'padded'),
    }
    assert meta['target_root'].shape == (dataset.frames, 3)
