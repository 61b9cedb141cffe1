"""A model that sees all views of an instant together, through the inferencer."""

import json

import cv2
import numpy as np
import pytest
import ring_recording
import small_configs
import torch
from mmengine.dataset import pseudo_collate
from mmengine.registry import init_default_scope
from mmpose.registry import DATASETS

from ppt_mmpose.apis.multiview import ImageEstimator, MultiViewPoseInferencer
from ppt_mmpose.calibration import read_calibration

NAMES = ('cam0', 'cam1', 'cam2', 'cam3')
# Random weights are sure of nothing, and their views do not agree.
ALL = dict(score_thr=0.0, method='linear')


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    """A recording of four views, of which the second instant lacks one."""
    folder = tmp_path_factory.mktemp('views')
    ring_recording.write(folder / 'take')
    (folder / 'take' / 'cam1' / '000001.jpg').unlink()
    return folder


@pytest.fixture(scope='module')
def estimator(folder):
    init_default_scope('mmpose')
    config = small_configs.mv_ppt(folder)
    return ImageEstimator(config, small_configs.with_weights(config, folder), 'cpu')


@pytest.fixture(scope='module')
def boxes(folder):
    """Labelled boxes, by camera and instant."""
    content = json.loads((folder / 'take' / 'keypoints_2d.json').read_text())
    files = {image['id']: image['file_name'] for image in content['images']}
    found = {name: {} for name in NAMES}
    for person in content['annotations']:
        camera, instant = files[person['image_id']].split('.')[0].split('/')
        x, y, width, height = person['bbox']
        found[camera][instant] = [x, y, x + width, y + height]
    return found


def instants_of(estimator, inputs, calibration=None, **options):
    infer = MultiViewPoseInferencer(estimator, calibration=calibration)
    return list(infer(inputs, **(ALL | options)))


@pytest.fixture(scope='module')
def found(estimator, folder, boxes):
    return instants_of(estimator, folder / 'take', boxes=boxes)


def assert_same(ours, theirs, views=slice(None)):
    assert [one.name for one in ours] == [one.name for one in theirs]
    for one, other in zip(ours, theirs):
        np.testing.assert_array_equal(one.seen, other.seen[views])
        np.testing.assert_allclose(
            one.keypoints_2d, other.keypoints_2d[views], atol=1e-3
        )
        np.testing.assert_allclose(one.scores, other.scores[views], atol=1e-5)


def test_what_the_model_says_of_the_datasets_samples(estimator, folder, found):
    inferencer = estimator._inferencer
    dataset = DATASETS.build(
        dict(
            type='MultiViewFolderDataset',
            data_root=str(folder / 'take'),
            pipeline=inferencer.cfg.val_pipeline,
            test_mode=True,
        )
    )
    for instant in found:
        batch = [
            sample
            for sample in dataset
            if sample['data_samples'].group_id.endswith(instant.name)
        ]
        with torch.no_grad():
            results = inferencer.model.test_step(pseudo_collate(batch))
        assert len(results) == instant.seen.sum()
        for one in results:
            people, view = one.pred_instances, one.view_id
            # In float32 the crops of a box are not the same to the last bit.
            np.testing.assert_allclose(
                instant.keypoints_2d[view], people.keypoints[0], atol=1e-3
            )
            np.testing.assert_allclose(
                instant.scores[view], people.keypoint_scores[0], atol=1e-5
            )
    assert [instant.seen.sum() for instant in found] == [4, 3, 4]


def test_views_of_an_instant_see_each_other(estimator, folder, boxes, found):
    without = {name: boxes[name] for name in NAMES[1:]}
    alone = instants_of(estimator, folder / 'take', boxes=without)
    for one, other in zip(alone, found):
        assert not one.seen[0]
        moved = np.abs(one.scores[1:] - other.scores[1:]).max(axis=1)
        assert (moved[other.seen[1:]] > 1e-6).all()


@pytest.mark.parametrize('size', [1, 2, 3])
def test_batches_of_instants_agree(estimator, folder, boxes, found, size):
    some = instants_of(estimator, folder / 'take', boxes=boxes, batch_size=size)
    assert_same(some, found)


@pytest.mark.parametrize('size', [2, 5, 7])
def test_instants_are_not_torn_where_fewer_views_go_through_at_once(
    estimator, folder, boxes, found, size, monkeypatch
):
    model, batches = estimator._inferencer.model, []
    test_step = model.test_step

    def watched(data):
        batches.append([sample.group_id for sample in data['data_samples']])
        return test_step(data)

    monkeypatch.setattr(model, 'test_step', watched)
    monkeypatch.setattr(estimator, 'batch_size', size)
    assert_same(instants_of(estimator, folder / 'take', boxes=boxes), found)
    # All three together are asked for: 4, 3 and 4 views.
    expected = {2: [4, 3, 4], 5: [4, 3, 4], 7: [7, 4]}
    assert [len(batch) for batch in batches] == expected[size]


def test_a_missing_image_is_a_person_who_is_not_there(
    estimator, folder, boxes, found, tmp_path
):
    whole = tmp_path / 'take'
    ring_recording.write(whole)
    nobody = boxes | dict(cam1=boxes['cam1'] | {'000001': None})
    assert_same(instants_of(estimator, whole, boxes=nobody)[1:2], found[1:2])


def test_nobody_is_in_any_view(estimator, folder, boxes, found):
    nobody = {camera: {**of, '000001': None} for camera, of in boxes.items()}
    some = instants_of(estimator, folder / 'take', boxes=nobody)
    assert not some[1].seen.any()
    assert not some[1].found.any()
    assert_same([some[0], some[2]], [found[0], found[2]])


def test_views_in_any_order(estimator, folder, boxes, found):
    order = [2, 0, 3, 1]
    calibration = ring_recording.ring(4)
    inputs = {NAMES[view]: str(folder / 'take' / NAMES[view]) for view in order}
    given = instants_of(estimator, inputs, calibration, boxes=boxes)
    assert_same(given, found)
    turned = calibration.select([NAMES[view] for view in order])
    given = instants_of(estimator, list(inputs.values()), turned, boxes=boxes)
    assert_same(given, found, order)


def test_the_person_is_where_it_was_an_instant_before(estimator, folder):
    tracked = instants_of(estimator, folder / 'take', track=True)
    width, height = ring_recording.SIZE
    assert tracked[0].boxes.tolist() == [[0, 0, width, height]] * 4
    followed = tracked[2].boxes[tracked[2].seen]
    assert len(followed) > 1
    assert (followed != [0, 0, width, height]).any()
    boxes = {
        name: {
            one.name: one.boxes[view].tolist() if one.seen[view] else None
            for one in tracked
        }
        for view, name in enumerate(NAMES)
    }
    assert_same(instants_of(estimator, folder / 'take', boxes=boxes), tracked)


@pytest.mark.parametrize('views', [2, 6])
def test_any_number_of_views(estimator, views):
    rng = np.random.RandomState(0)
    size = ring_recording.SIZE
    images = rng.randint(0, 255, (views, 1, *size[::-1], 3), dtype=np.uint8)
    calibration = ring_recording.ring(views)
    (instant,) = instants_of(estimator, list(images), calibration)
    assert instant.seen.tolist() == [True] * views
    assert np.isfinite(instant.keypoints_2d).all()
    assert instant.found.any()
    # The last view is seen by the first.
    images[-1] = cv2.GaussianBlur(images[-1, 0], (0, 0), 3)
    (other,) = instants_of(estimator, list(images), calibration)
    assert np.abs(other.scores[0] - instant.scores[0]).max() > 1e-7


def test_six_real_views(estimator, six_view, tmp_path):
    calibration = read_calibration(
        six_view / '3DOH50K_Parameters.txt', format='krt_text', unit=0.23
    )
    images = [str(path) for path in sorted((six_view / 'images').rglob('*.jpg'))]
    (instant,) = instants_of(estimator, images, calibration)
    assert instant.seen.tolist() == [True] * 6
    assert instant.found.any()
