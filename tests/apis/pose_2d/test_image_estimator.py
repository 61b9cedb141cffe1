"""Models of MMPose and MMDetection answer as in MMPose's own inferencer."""

from pathlib import Path

import mmdet
import numpy as np
import pytest
import small_configs
import torch
from mmengine.registry import init_default_scope

from ppt_mmpose.apis import TokenPoseInferencer
from ppt_mmpose.apis.pose_2d import ImageEstimator

BOXES = np.array([[5, 3, 70, 90], [20, 10, 120, 60], [0, 0, 128, 96]], np.float32)
# Random weights are sure of nothing.
THRESHOLD = 0.001


@pytest.fixture(scope='module', autouse=True)
def scope():
    init_default_scope('mmpose')


@pytest.fixture(scope='module')
def images():
    rng = np.random.RandomState(0)
    sizes = [(96, 128), (96, 128), (100, 90)]
    return [rng.randint(0, 255, (*size, 3), dtype=np.uint8) for size in sizes]


@pytest.fixture(scope='module', params=[small_configs.top_down, small_configs.ppt])
def top_down(request, tmp_path_factory):
    """Ours and MMPose's, of the same weights."""
    folder = tmp_path_factory.mktemp('top_down')
    config = request.param(folder)
    return built(config, small_configs.with_weights(config, folder))


def built(config, weights, **options):
    ours = ImageEstimator(config, weights, 'cpu', **options)
    theirs = TokenPoseInferencer(config, weights, device='cpu', det_model='whole_image')
    return ours, theirs


def instances(results):
    for result in results:
        (sample,) = result['predictions']
        yield sample.pred_instances


def test_boxes_give_what_mmpose_gives(top_down, images):
    ours, theirs = top_down
    assert ours.top_down
    assert not ours.detects
    found = ours.in_boxes(images, BOXES)
    expected = theirs(images, return_datasamples=True, bboxes=[[box] for box in BOXES])
    for person, box, one in zip(found, BOXES, instances(expected)):
        np.testing.assert_allclose(person.keypoints, one.keypoints, atol=1e-4)
        np.testing.assert_allclose(person.scores, one.keypoint_scores, atol=1e-6)
        np.testing.assert_allclose(person.boxes, [box], atol=1e-4)
        assert np.ptp(person.keypoints) > 5


def test_batches_agree(top_down, images, monkeypatch):
    ours, _ = top_down
    many = ours.in_boxes(images, BOXES)
    for size in (1, 2):
        monkeypatch.setattr(ours, 'batch_size', size)
        for one, other in zip(ours.in_boxes(images, BOXES), many):
            np.testing.assert_allclose(one.keypoints, other.keypoints, atol=1e-4)
            np.testing.assert_allclose(one.scores, other.scores, atol=1e-6)


def test_nothing_in_nothing_out(top_down):
    ours, _ = top_down
    assert ours.in_boxes([], []) == []
    assert ours.detect([]) == []


def test_names_are_the_models(top_down):
    ours, _ = top_down
    assert ours.dataset_meta['keypoint_id2name'][16] == 'right_ankle'
    assert len(ours.dataset_meta['skeleton_links']) == 19


@pytest.fixture(scope='module')
def itself(tmp_path_factory):
    """A model that finds people itself, ours and MMPose's, of the same weights."""
    folder = tmp_path_factory.mktemp('itself')
    config = small_configs.small_config(folder, small_configs.ONE_STAGE)
    return built(
        config, small_configs.with_weights(config, folder), det_threshold=THRESHOLD
    )


def test_models_that_find_people_give_what_mmpose_gives(itself, images):
    ours, theirs = itself
    assert not ours.top_down
    assert ours.detects
    found = ours.everybody(images)
    expected = theirs(images, return_datasamples=True, bbox_thr=THRESHOLD)
    for people, all_of_them in zip(found, instances(expected)):
        assert len(people.keypoints) == len(people.scores) == len(people.boxes) > 0
        np.testing.assert_allclose(people.keypoints, all_of_them.keypoints, rtol=1e-5)
        np.testing.assert_allclose(people.scores, all_of_them.keypoint_scores)


def test_models_that_find_people_get_images_one_by_one(itself, images, monkeypatch):
    # MMPose's heads for DEKR, CID and associative embedding refuse several.
    ours, _ = itself
    model, sizes = ours._inferencer.model, []
    test_step = model.test_step
    monkeypatch.setattr(
        model,
        'test_step',
        lambda data: sizes.append(len(data['inputs'])) or test_step(data),
    )
    assert len(ours.everybody(images)) == 3
    assert sizes == [1, 1, 1]


def test_a_threshold_that_nobody_reaches(tmp_path, images):
    config = small_configs.small_config(tmp_path, small_configs.ONE_STAGE)
    ours = ImageEstimator(config, device='cpu', det_threshold=1.0)
    (people,) = ours.everybody(images[:1])
    assert people.keypoints.shape == (0, 17, 2)
    assert people.boxes.shape == (0, 4)


@pytest.fixture(scope='module')
def detecting(tmp_path_factory):
    """A top-down model with a detector of random weights, which finds anything."""
    folder = tmp_path_factory.mktemp('detector')
    detector = small_configs.small_config(
        folder, small_configs.DETECTOR, mmdet, **{'model.test_cfg.max_per_img': 5}
    )
    torch.manual_seed(0)
    return ImageEstimator(
        small_configs.top_down(folder),
        device='cpu',
        det_model=detector,
        det_cat_ids=list(range(80)),
        det_threshold=0.0,
    )


def test_detectors_give_boxes(detecting, images, capfd):
    assert detecting.detects
    boxes = detecting.detect(images)
    # No progress bar of the detector between the lines of a program.
    assert capfd.readouterr().out == ''
    assert len(boxes) == 3
    for found in boxes:
        assert 1 <= len(found) <= 5
        assert found.shape[1] == 4
        assert (found[:, :2] < found[:, 2:]).all()


def test_boxes_are_chosen_by_kind_score_and_overlap(detecting, images, monkeypatch):
    from mmdet.structures import DetDataSample
    from mmengine.structures import InstanceData

    found = InstanceData(
        bboxes=torch.tensor(
            [[0, 0, 10, 10], [1, 1, 11, 11], [20, 0, 30, 10], [50, 0, 60, 10.0]] * 2
        ),
        scores=torch.tensor([0.5, 0.9, 0.4, 0.1, 0.95, 0.95, 0.95, 0.95]),
        labels=torch.tensor([0, 0, 0, 0, 7, 7, 7, 7]),
    )
    samples = [DetDataSample(pred_instances=found)]
    inferencer = detecting._inferencer
    monkeypatch.setattr(
        inferencer, 'detector', lambda *_, **__: dict(predictions=samples)
    )
    monkeypatch.setattr(inferencer, 'det_cat_ids', (0,))
    monkeypatch.setattr(detecting, 'det_threshold', 0.3)
    (boxes,) = detecting.detect(images[:1])
    assert boxes.tolist() == [[1, 1, 11, 11], [20, 0, 30, 10]]


def test_what_does_not_go_together(tmp_path):
    one_stage = small_configs.small_config(tmp_path, small_configs.ONE_STAGE)
    top_down = small_configs.top_down(tmp_path)
    with pytest.raises(ValueError, match='^det_model: expected none, as .* finds peop'):
        ImageEstimator(one_stage, device='cpu', det_model='rtmdet')
    with pytest.raises(ValueError, match='^det_weights: has no effect without det_mod'):
        ImageEstimator(top_down, device='cpu', det_weights='weights.pth')
    with pytest.raises(ValueError, match='^batch_size: expected at least 1, got 0$'):
        ImageEstimator(top_down, device='cpu', batch_size=0)


def test_weights_of_another_model_are_refused(tmp_path):
    config = small_configs.top_down(tmp_path)
    path = Path(small_configs.with_weights(config, tmp_path))
    content = torch.load(path)
    ImageEstimator(config, str(path), 'cpu')
    # What a training saves beside the model does no harm, a lost part does.
    extra = dict(content['state_dict'], another=torch.zeros(1))
    torch.save(dict(content, state_dict=extra), tmp_path / 'more.pth')
    ImageEstimator(config, str(tmp_path / 'more.pth'), 'cpu')
    lost = dict(content['state_dict'])
    name = next(key for key in lost if key.endswith('weight'))
    lost[name] = lost[name][:1]
    torch.save(dict(content, state_dict=lost), tmp_path / 'other.pth')
    with pytest.raises(ValueError, match=rf'other\.pth: .*1 of \d+ .*shape: {name}$'):
        ImageEstimator(config, str(tmp_path / 'other.pth'), 'cpu')
