"""The config of docs/multiview_evaluation.md, run as it is written there."""

import json
import re
from pathlib import Path

import cv2
import numpy as np
import pytest
import ring_recording
import torch
from mmengine.config import Config
from mmengine.fileio import load
from mmpose.registry import METRICS, MODELS
from two_processes import in_two_processes

from ppt_mmpose.apis import test as run_test
from ppt_mmpose.apis import train

PAGE = Path(__file__).parents[2] / 'docs' / 'multiview_evaluation.md'
# Smaller than the page's, without a download, and of random weights.
SMALL = """
model = dict(backbone=dict(depth=18, init_cfg=None), head=dict(in_channels=512))
loader = dict(num_workers=0, persistent_workers=False)
train_dataloader.update(batch_size=4, **loader)
val_dataloader.update(batch_size=5, **loader)
train_cfg = dict(max_epochs=1, val_interval=1)
"""


@pytest.fixture(scope='module')
def ready(tmp_path_factory):
    """The config, a checkpoint, and a folder for results."""
    folder = tmp_path_factory.mktemp('evaluation')
    for seed, name in enumerate(('train_recording', 'test_recording')):
        ring_recording.write(folder / name, seed=seed)
    # A view less: 11 samples, which two processes cannot share evenly.
    (folder / 'test_recording' / 'cam2' / '000001.jpg').unlink()
    text = re.findall('```python\n(.*?)```', PAGE.read_text(), re.DOTALL)[0]
    config = folder / 'my_config.py'
    config.write_text(text.replace("'data/", f"'{folder}/") + SMALL)
    torch.manual_seed(0)
    model = MODELS.build(Config.fromfile(config).model)
    torch.save(dict(state_dict=model.state_dict(), meta={}), folder / 'random.pth')
    return str(config), str(folder / 'random.pth'), folder


@pytest.fixture(scope='module')
def tested(ready):
    """The metrics, and the predictions that they come from."""
    config, checkpoint, folder = ready
    metrics = run_test(
        config, checkpoint, work_dir=str(folder / 'one'), dump=str(folder / 'all.pkl')
    )
    return metrics, load(folder / 'all.pkl')


def by_hand(samples):
    """JDR, and MPJPE of the textbook's triangulation in millimetres."""
    found, errors = [], []
    for sample in samples:
        label, seen = (
            sample[name]['keypoints'][0] for name in ('gt_instances', 'pred_instances')
        )
        found.append(np.hypot(*(label - seen).T) <= 12.8)
    for instant in sorted({sample['group_id'] for sample in samples}):
        views = [sample for sample in samples if sample['group_id'] == instant]
        for joint, label in enumerate(views[0]['keypoints_3d_world']):
            equations = []
            for view in views:
                k, lens = (view['camera'][key] for key in ('intrinsics', 'distortion'))
                pixel = view['pred_instances']['keypoints'][:, joint]
                stop = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 200, 1e-12)
                x, y = cv2.undistortPointsIter(
                    pixel.astype(float), k, lens, None, k, stop
                )[0, 0]
                pose = np.column_stack(
                    (view['camera']['rotation'], 1000 * view['camera']['translation'])
                )
                first, second, third = k @ pose
                equations += [x * third - first, y * third - second]
            point = np.linalg.svd(np.array(equations))[2][-1]
            errors.append(np.linalg.norm(point[:3] / point[3] - 1000 * label))
    return np.mean(found), np.mean(errors)


def test_numbers_are_those_computed_by_hand(tested):
    metrics, samples = tested
    assert len(samples) == 11
    rate, error = by_hand(samples)
    assert 0 < rate < 1
    assert error > 10
    assert metrics['pose_2d/JDR'] == pytest.approx(rate)
    assert metrics['pose_3d/MPJPE'] == pytest.approx(error, rel=1e-4)
    assert metrics['pose_3d/found'] == 1
    assert metrics['pose_3d/instants'] == 3
    assert 0 < metrics['pose_3d/P-MPJPE'] < metrics['pose_3d/ROOT-MPJPE']
    assert 0 <= metrics['pose_3d/PCK3D'] <= 1


def test_labels_in_the_place_of_predictions(tested):
    _, samples = tested
    perfect = [
        sample
        | dict(
            pred_instances=dict(
                keypoints=sample['gt_instances']['keypoints'],
                keypoint_scores=sample['pred_instances']['keypoint_scores'],
            )
        )
        for sample in samples
    ]
    expected = {'JointDetectionRate': ('JDR', 1), 'MultiViewMPJPE': ('MPJPE', 0)}
    for kind, (name, value) in expected.items():
        metric = METRICS.build(dict(type=kind, prefix='a'))
        metric.process([{}], perfect)
        result = metric.evaluate(len(perfect))
        # Labels in pixels are float32.
        assert result[f'a/{name}'] == pytest.approx(value, abs=0.01)


def test_two_processes_find_the_same(ready, tested):
    config, checkpoint, folder = ready
    out = folder / 'two.json'
    # Rounded up: a sample is dealt out twice.
    in_two_processes(
        *('test.py', config, checkpoint, '--out', out, '--work-dir', folder / 'two'),
        *('--cfg-options', 'test_dataloader.sampler.round_up=True'),
    )
    metrics = json.loads(out.read_text())
    assert metrics == pytest.approx(tested[0], rel=1e-5)


def test_the_same_lines_train(ready):
    config, _, folder = ready
    runner = train(config, work_dir=str(folder / 'train'))
    assert runner.epoch == 1
    assert list((folder / 'train').glob('best_pose_3d_MPJPE_*.pth'))
