"""MMPose's own tools, started in a project folder that knows nothing of ours."""

import json
import os
import subprocess
import sys
from pathlib import Path

import mmpose
import pytest
import torch
from drawn_people import data_options, draw

ROOT = Path(__file__).parents[2]
TOOLS = Path(mmpose.__file__).parent / '.mim' / 'tools'
ONE_EPOCH = [
    *('train_cfg.max_epochs=1', 'train_cfg.val_interval=1'),
    *('default_hooks.checkpoint.interval=1', 'model.neck.stages=[2]'),
    'model.neck.prune_blocks=[0]',
]


@pytest.fixture
def project(tmp_path):
    draw(tmp_path / 'people')
    return tmp_path


def run(*command, cwd):
    """Run a Python script in a folder; the package is found, nothing else of ours."""
    result = subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=cwd,
        env=os.environ | dict(PYTHONPATH=str(ROOT), OMP_NUM_THREADS='1'),
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def options(project, *more):
    return ['--cfg-options', *data_options(project / 'people'), *ONE_EPOCH, *more]


def metrics(folder):
    (log,) = folder.glob('*/vis_data/scalars.json')
    return [json.loads(line) for line in log.read_text().splitlines()]


# A project of MMPose's with its own schedule and hooks; only the model is ours.
PASTED = """
_base_ = 'mmpose::body_2d_keypoint/topdown_heatmap/coco/{base}.py'
custom_imports = dict(imports=['ppt_mmpose'], allow_failed_imports=False)
model = dict(
    _delete_=True,
    type='TopdownTokenPose',
    data_preprocessor=dict(type='PoseDataPreprocessor'),
    backbone=dict(type='ConvStem'),
    neck=dict(
        type='TokenPoseNeck', in_channels=256, feature_size=(64, 48),
        patch_size=(4, 3), num_keypoints=17, keep_ratio=0.7),
    head=dict(
        type='TokenPoseHead', in_channels=192, out_channels=17,
        heatmap_size=(48, 64), decoder=_base_.codec),
    test_cfg=dict(flip_test=True, flip_mode='heatmap', shift_heatmap=True))
default_hooks = dict(checkpoint=dict(save_best=None))
"""


def test_a_pasted_model_trains_tests_and_resumes(project):
    base = 'td-hm_res50_8xb64-210e_coco-256x192'
    (project / 'mine.py').write_text(PASTED.format(base=base))
    run(TOOLS / 'train.py', 'mine.py', *options(project), cwd=project)
    folder = project / 'work_dirs' / 'mine'
    assert 'coco/AP' in metrics(folder)[-1]

    checkpoint = folder / 'epoch_1.pth'
    arguments = options(project, 'train_cfg.max_epochs=2', 'val_cfg=None')
    arguments += ['val_dataloader=None', 'val_evaluator=None']
    run(TOOLS / 'train.py', 'mine.py', '--resume', *arguments, cwd=project)
    assert torch.load(folder / 'epoch_2.pth')['meta']['epoch'] == 2

    run(
        *(TOOLS / 'test.py', 'mine.py', checkpoint, '--out', 'metrics.json'),
        *('--show-dir', 'drawn', *options(project)),
        cwd=project,
    )
    assert 'coco/AP' in json.loads((project / 'metrics.json').read_text())
    assert list((project / 'work_dirs').rglob('drawn/*.jpg'))


def test_a_flat_copy_trains(project):
    flat = run(ROOT / 'tools' / 'print_config.py', 'ppt_s_coco', cwd=project)
    (project / 'flat.py').write_text(flat)
    assert '_base_' not in flat
    run(TOOLS / 'train.py', 'flat.py', *options(project), cwd=project)
    assert 'coco/AP' in metrics(project / 'work_dirs' / 'flat')[-1]


MINE = """
from mmengine.hooks import Hook
from mmpose.registry import HOOKS

@HOOKS.register_module()
class Mine(Hook):
    def after_train(self, runner):
        ratio = runner.model.neck.keep_ratio
        print('Mine ran after', runner.iter, 'steps, keep ratio', ratio)
"""


def test_a_users_hooks_and_imports_stand_beside_ours(project):
    (project / 'my_hooks.py').write_text(MINE)
    (project / 'mine.py').write_text(
        f"_base_ = '{ROOT}/configs/ppt_s_coco.py'\n"
        # Both replace what our bases say.
        "custom_imports = dict(imports=['my_hooks'])\n"
        "custom_hooks = [dict(type='Mine')]\n"
    )
    printed = run(
        *(
            '-c',
            'import runpy, sys; sys.path.insert(0, ""); sys.argv = sys.argv[1:]; '
            'runpy.run_path(sys.argv[0], run_name="__main__")',
        ),
        *(TOOLS / 'train.py', 'mine.py', *options(project)),
        cwd=project,
    )
    assert 'Mine ran after 2 steps' in printed
    assert 'keep_ratio' in metrics(project / 'work_dirs' / 'mine')[0]
