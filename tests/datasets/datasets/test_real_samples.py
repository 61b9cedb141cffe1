"""The configs' datasets read real images, from files to targets."""

import numpy as np
import pytest
from mmengine.config import Config
from mmpose.registry import DATASETS, KEYPOINT_CODECS

from ppt_mmpose.apis import find_config


def config_of(name, root, annotations, images):
    """A config whose training data lie elsewhere and are not augmented."""
    cfg = Config.fromfile(find_config(name))
    dataset = cfg.train_dataloader.dataset
    dataset.update(
        data_root=str(root), ann_file=annotations, data_prefix=dict(img=images)
    )
    steps = dataset.pipeline
    dataset.pipeline = [step for step in steps if not step.type.startswith('Random')]
    return cfg


def assert_targets_decode_to_the_labels(cfg, dataset):
    """Image to crop to heatmap, and back by the codec and MMPose's formula."""
    codec = KEYPOINT_CODECS.build(cfg.codec)
    checked = 0
    for index in np.linspace(0, len(dataset) - 1, 5).astype(int):
        packed = dataset[index]['data_samples']
        heatmaps = packed.gt_fields.heatmaps.numpy()
        found, _ = codec.decode(heatmaps)
        scale = packed.input_scale
        found = found[0] / packed.input_size * scale + packed.input_center - scale / 2
        # Joints that are labelled, with their whole blob inside the crop.
        inside = heatmaps[:, 7:-7, 7:-7].max((1, 2)) > 0.9
        labels = packed.gt_instances.keypoints[0]
        error = np.linalg.norm(found - labels, axis=-1)[inside]
        cell = (scale / codec.heatmap_size).max()
        assert (error < 0.01 * cell).all()
        checked += inside.sum()
    assert checked > 20


@pytest.mark.parametrize(('part', 'people'), [('train', 143), ('val', 112)])
def test_coco(coco_sample, part, people):
    annotations = f'annotations/person_keypoints_{part}.json'
    cfg = config_of('ppt_s_coco', coco_sample, annotations, 'images/')
    dataset = DATASETS.build(cfg.train_dataloader.dataset)
    assert len(dataset) == people
    assert_targets_decode_to_the_labels(cfg, dataset)


def test_lsp(lsp_sample):
    annotations = 'annotations/lspet_val.json'
    cfg = config_of('ppt_s_lsp', lsp_sample, annotations, 'images/')
    dataset = DATASETS.build(cfg.train_dataloader.dataset)
    assert len(dataset) == 431
    assert_targets_decode_to_the_labels(cfg, dataset)


def test_mpii(mmpose_sample):
    cfg = config_of('ppt_s_mpii', mmpose_sample / 'mpii', 'test_mpii.json', '')
    dataset = DATASETS.build(cfg.train_dataloader.dataset)
    assert_targets_decode_to_the_labels(cfg, dataset)
