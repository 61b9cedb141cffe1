"""Every config of a lifter builds, and its parts belong together."""

from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmpose.registry import (
    DATASETS,
    KEYPOINT_CODECS,
    METRICS,
    MODELS,
    TRANSFORMS,
    VISUALIZERS,
)
from mmpose.structures import PoseDataSample

from ppt_mmpose.apis import config_names, find_config
from ppt_mmpose.models import TokenPoseLifter

LOADERS = ('train_dataloader', 'val_dataloader', 'test_dataloader')
LIFTERS = config_names('sequences')
STUDY = Path(__file__).parents[2] / 'docs' / 'studies' / 'small_humaneva.py'
# Of COCO's 17 joints.
COCO = [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15]


def config(name):
    return Config.fromfile(find_config(name))


def metainfo(dataset):
    return DATASETS.get(dataset.type)._load_metainfo(dataset.get('metainfo'))


@pytest.mark.parametrize('name', LIFTERS)
def test_builds_and_its_parts_belong_together(name):
    cfg = config(name)
    assert cfg.custom_imports.imports == ['ppt_mmpose']
    assert cfg.default_scope == 'mmpose'
    model = MODELS.build(cfg.model)
    assert isinstance(model, TokenPoseLifter)
    assert cfg.model.head.decoder == cfg.codec
    codec = KEYPOINT_CODECS.build(cfg.codec)
    frames, joints, channels = model.backbone.expected
    assert codec.num_keypoints == joints
    # The score goes in as the third channel.
    assert channels == 2 + codec.concat_vis
    for loader in LOADERS:
        dataset = cfg[loader].dataset
        assert dataset.frames == frames
        assert metainfo(dataset)['num_keypoints'] == joints
        assert cfg.train_dataloader.dataset.type == dataset.type
        for step in dataset.pipeline:
            TRANSFORMS.build(step)
    METRICS.build(cfg.test_evaluator)
    # Whoever gives hooks of their own does not lose MMPose's.
    assert [hook['type'] for hook in cfg.custom_hooks] == ['SyncBuffersHook']
    assert 'keep_ratio' not in cfg.default_hooks


@pytest.mark.parametrize('name', LIFTERS)
def test_the_hourglass_is_within_the_model(name):
    cfg = config(name)
    hourglass = MODELS.build(cfg.model).backbone.hourglass
    if hourglass is None:
        assert not name.startswith(('hot_', 'tpc_', 'h2ot_'))
        return
    assert min(hourglass.blocks) > 0
    assert max(hourglass.blocks) < cfg.model.backbone.depth
    counts = (cfg.model.backbone.seq_len, *hourglass.counts)
    assert list(counts) == sorted(set(counts), reverse=True)


@pytest.mark.parametrize('name', LIFTERS)
def test_what_goes_in_and_what_comes_out_have_the_same_length(name):
    cfg = config(name)
    model = MODELS.build(cfg.model)
    # Where frames are lost, the one that is asked for is in the centre of a window.
    for loader in ('val_dataloader', 'test_dataloader'):
        dataset = cfg[loader].dataset
        centre = cfg.model.test_cfg.get('output') == 'centre'
        assert (dataset.get('stride') == 1) == centre
        # MMPose's inferencers read it, and take one frame without; MotionBERT's codec
        # takes no more from them.
        window = centre and cfg.codec.type == 'VideoPoseLifting'
        assert dataset.get('seq_len') == (dataset.frames if window else None)
        assert model.backbone.gives_all_frames or centre


@pytest.mark.parametrize('name', LIFTERS)
def test_codecs_normalise_as_the_models_expect(name):
    codec = KEYPOINT_CODECS.build(config(name).codec)
    keypoints = np.zeros((2, 17, 2), np.float32)
    keypoints[:, 1] = (1000, 500)
    encoded = codec.encode(
        keypoints,
        lifting_target=np.ones((2, 17, 3), np.float32),
        camera_param=dict(w=1000, h=800),
    )['keypoint_labels']
    np.testing.assert_allclose(encoded[:, 0, :2], [[-1, -0.8]] * 2, rtol=1e-6)
    np.testing.assert_allclose(encoded[:, 1, :2], [[1, 0.2]] * 2, rtol=1e-6)


@pytest.mark.parametrize('name', LIFTERS)
def test_results_are_drawn_in_3d(name):
    visualizer = config(name).visualizer
    assert visualizer.type == 'Pose3dLocalVisualizer'
    assert VISUALIZERS.get(visualizer.type) is not None


def thin(cfg):
    cfg.model.backbone.feat_size = 16
    cfg.model.head.in_channels = 48 if cfg.model.backbone.type == 'MHFormer' else 16
    return MODELS.build(cfg.model)


@pytest.mark.parametrize('name', [*LIFTERS, STUDY])
def test_another_order_of_joints_is_refused(name):
    cfg = Config.fromfile(name if name == STUDY else find_config(name))
    model, given = thin(cfg), metainfo(cfg.test_dataloader.dataset)
    sequence = torch.zeros(1, *model.backbone.expected)
    joints = given['num_keypoints']
    # The model's are the dataset's.
    assert joints == model.backbone.expected[1]
    assert model.metainfo['flip_indices'] == given['flip_indices']
    ours, others = given['flip_indices'], COCO[:joints]
    known, other = (
        PoseDataSample(metainfo=dict(flip_indices=i)) for i in (ours, others)
    )
    dataset = given['dataset_name']
    with pytest.raises(ValueError, match=f'joints: expected those of {dataset}, which'):
        model(sequence.repeat(2, 1, 1, 1), [known, other], mode='predict')


@pytest.mark.parametrize('name', LIFTERS)
def test_metainfo_is_no_part_of_checkpoints(name):
    cfg = config(name)
    state = thin(cfg).state_dict()
    cfg.model.metainfo = None
    assert MODELS.build(cfg.model).state_dict().keys() == state.keys()
    thin(config(name)).load_state_dict(state, strict=True)
