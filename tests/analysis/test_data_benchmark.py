"""Every stage of the way is timed, and the way is the one of the training."""

import json
import time

import cv2
import numpy as np
import pytest
from drawn_people import draw
from mmcv.transforms import BaseTransform
from mmpose.registry import TRANSFORMS

from ppt_mmpose.analysis.data_benchmark import benchmark_data, data_report
from ppt_mmpose.apis import find_config

CONFIG = """
_base_ = '{base}'
people = '{people}'
pipeline = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='SlowTransform'),
    dict(type='RandomFlip'),
    dict(type='TopdownAffine', input_size=(192, 256), use_udp=True),
    dict(type='SlowTransform'),
    dict(type='GenerateTarget', encoder=_base_.codec),
    dict(type='PackPoseInputs'),
]
train_dataloader = dict(
    batch_size=2,
    dataset=dict(data_root=people, ann_file='people.json', data_prefix=dict(img=''),
                 pipeline=pipeline))
"""
SLOW = 0.01  # s


@pytest.fixture
def seen():
    seen = []

    class SlowTransform(BaseTransform):
        def transform(self, results):
            seen.append((results['id'], results.get('flip')))
            time.sleep(SLOW)
            return results

    TRANSFORMS.register_module(module=SlowTransform, force=True)
    yield seen
    TRANSFORMS.module_dict.pop('SlowTransform')


@pytest.fixture
def config(tmp_path, seen):
    people = draw(tmp_path / 'people', count=5)
    path = tmp_path / 'people.py'
    path.write_text(CONFIG.format(base=find_config('ppt_s_coco'), people=people))
    return str(path)


def test_every_stage(config, tmp_path, seen):
    out, threads = tmp_path / 'out.json', cv2.getNumThreads()
    found = benchmark_data(config, images=99, repeats=2, out=str(out))
    assert cv2.getNumThreads() == threads
    assert list(found.stages) == [
        *('labels of a sample', 'LoadImage', 'GetBBoxCenterScale', 'SlowTransform'),
        *('RandomFlip', 'TopdownAffine', 'SlowTransform (2)', 'GenerateTarget'),
        *('PackPoseInputs', 'collate', 'data preprocessor'),
    ]
    # Whole batches of what is there.
    assert (found.images, found.batch_size) == (4, 2)
    for name in ('SlowTransform', 'SlowTransform (2)'):
        assert 1000 * SLOW <= found.stages[name].median < 5000 * SLOW
    others = [t.median for n, t in found.stages.items() if 'Slow' not in n]
    assert all(0 < time < 1000 * SLOW for time in others)
    assert found.pipeline.median >= 2000 * SLOW
    assert found.loader.median >= 2000 * SLOW
    # One round in front of those that are timed, then the loader's: each four samples,
    # twice, in the same state of chance.
    assert len(seen) == 2 * 4 * 3 + 2 * 4 * 3
    assert seen[:8] == seen[8:16] == seen[24:32]
    written = json.loads(out.read_text())
    assert written['stages']['LoadImage']['median'] == found.stages['LoadImage'].median
    report = data_report(found)
    assert '\n| SlowTransform (2) | 1' in report
    assert 'images a second on one core' in report


def test_the_loader_of_a_training(config):
    found = benchmark_data(
        config,
        images=2,
        repeats=2,
        workers=1,
        cfg_options={'train_dataloader.collate_fn': dict(type='default_collate')},
    )
    assert found.workers == 1
    assert found.loader.median > 0
    assert np.isfinite(found.stages['collate'].median)
    assert 'From a loader with 1 processes' in data_report(found)


@pytest.mark.parametrize(
    ('wrong', 'message'),
    [
        (dict(images=1), 'images: expected 2 or more, got 1'),
        (dict(repeats=1), 'repeats: expected 2 or more'),
        (dict(workers=-1), 'workers: expected 0 or more'),
        (
            dict(cfg_options={'train_dataloader.batch_size': 6}, images=6),
            'at most the 5',
        ),
    ],
)
def test_numbers_that_cannot_be(config, wrong, message):
    with pytest.raises(ValueError, match=message):
        benchmark_data(config, **wrong)
