"""Every leaf config parses, builds and keeps the rules of the house.

What those of lifters are made of is in test_lifter_configs.py.
"""

import ast
import subprocess
import sys

import numpy as np
import pytest
from mmengine.config import Config
from mmpose.registry import DATASETS, KEYPOINT_CODECS, MODELS, TRANSFORMS

from ppt_mmpose.apis import config_names, find_config
from ppt_mmpose.apis.config_files import config_folder


@pytest.mark.parametrize('name', config_names('images'))
def test_builds_and_its_parts_belong_together(name):
    cfg = Config.fromfile(find_config(name))
    assert cfg.custom_imports.imports == ['ppt_mmpose']
    assert cfg.default_scope == 'mmpose'
    codec = KEYPOINT_CODECS.build(cfg.codec)
    # A distiller has its model within.
    config = cfg.model.get('student', cfg.model)
    built = MODELS.build(cfg.model)
    model = getattr(built, 'student', built)
    assert config.head.decoder == cfg.codec
    assert tuple(model.head.heatmap_size) == tuple(codec.heatmap_size)
    width, height = codec.input_size
    feature = model.neck.patch_embedding.feature_size
    stride = 1 if config.backbone.type == 'RawImageStem' else 4
    assert feature == (height // stride, width // stride)
    assert model.head.out_channels == model.neck.keypoint_tokens.shape[1]
    for loader in (cfg.train_dataloader, cfg.val_dataloader, cfg.test_dataloader):
        assert DATASETS.get(loader.dataset.type) is not None
        for step in loader.dataset.pipeline:
            TRANSFORMS.build(step)
    ramp = 'keep_ratio' in cfg.default_hooks
    # On views of instants the ratio is the same from the first step on, as released.
    assert ramp == (name.startswith(('ppt_', 'dppt_')) and name != 'ppt_s_h36m')
    assert model.neck.prunes == name.startswith(('ppt_', 'mv_ppt_', 'dppt_'))
    # Whoever gives hooks of their own does not lose MMPose's.
    assert [hook['type'] for hook in cfg.custom_hooks] == ['SyncBuffersHook']


def test_names_are_unique():
    # mim looks for a config by its basename, in all folders.
    names = [path.name for path in config_folder().rglob('*.py')]
    assert len(names) == len(set(names))


@pytest.mark.parametrize('name', config_names())
def test_leaves_state_differences_only(name):
    lines = find_config(name).read_text().splitlines()
    assert len(lines) <= 45
    assert ast.get_docstring(ast.parse('\n'.join(lines)))


def test_bases_have_no_bases():
    for path in (config_folder() / '_base_').glob('*.py'):
        assert '_base_ =' not in path.read_text()


def test_the_model_is_found_where_nothing_imported_the_plugin():
    # A config that was saved with a user's custom_imports has lost ours.
    types = {Config.fromfile(find_config(n)).model.type for n in config_names()}
    code = (
        'import sys\n'
        'from mmengine.registry import MODELS\n'
        'for name in sys.argv[1:]:\n'
        '    assert name.endswith("." + MODELS.get(name).__name__), name\n'
    )
    subprocess.run([sys.executable, '-c', code, *types], check=True)


@pytest.mark.parametrize('name', config_names('images'))
def test_targets_near_the_border_sit_on_the_joints(name):
    codec = KEYPOINT_CODECS.build(Config.fromfile(find_config(name)).codec)
    near = np.array([[[2.0, 3.0], [3.0, 15.0], [15.0, 2.0]]], np.float32)
    encoded = codec.encode(near * codec.scale_factor, np.ones((1, 3), np.float32))
    for (x, y), heatmap in zip(near[0], encoded['heatmaps']):
        row, column = np.unravel_index(heatmap.argmax(), heatmap.shape)
        assert abs(row - y) <= 0.5
        assert abs(column - x) <= 0.5
