"""MMPose's inferencer with our models, by every name and for every kind of input."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import mmdet
import numpy as np
import pytest
import torch
from drawn_people import data_options, draw
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmpose.apis import MMPoseInferencer
from mmpose.apis.inferencers import base_mmpose_inferencer
from mmpose.registry import MODELS
from options import parsed_cfg_options

from ppt_mmpose.apis import config_names, find_config, train
from ppt_mmpose.converters.candidates import dataset_meta
from ppt_mmpose.models.strict_loading import MisfitError

MODEL = 'ppt_s_coco'


@pytest.fixture(scope='module')
def people(tmp_path_factory):
    return draw(tmp_path_factory.mktemp('people'), count=3)


@pytest.fixture(scope='module', autouse=True)
def scope():
    init_default_scope('mmpose')


@pytest.fixture(scope='module')
def weights(tmp_path_factory):
    """Random, but big enough that heatmaps have peaks."""
    torch.manual_seed(0)
    cfg = Config.fromfile(find_config(MODEL))
    content = dict(
        state_dict=MODELS.build(cfg.model).state_dict(),
        meta=dict(dataset_meta=dataset_meta(cfg)),
    )
    path = tmp_path_factory.mktemp('weights') / 'weights.pth'
    torch.save(content, path)
    return str(path)


def inferencer(model, weights, **options):
    options = dict(det_model='whole_image', device='cpu') | options
    return MMPoseInferencer(pose2d=str(model), pose2d_weights=weights, **options)


@pytest.fixture(scope='module')
def run(weights):
    return inferencer(MODEL, weights)


@pytest.fixture(scope='module')
def expected(run, people):
    (result,) = run(str(people / '000000000001.jpg'))
    (person,) = result['predictions'][0]
    return person['keypoints']


def test_names_resolve_in_a_clean_process(weights, people, expected):
    code = (
        'import json, sys\n'
        'import ppt_mmpose\n'
        'from mmpose.apis import MMPoseInferencer\n'
        'model, weights, image = sys.argv[1:]\n'
        'run = MMPoseInferencer(pose2d=model, pose2d_weights=weights,\n'
        '                       det_model="whole_image", device="cpu")\n'
        'print(json.dumps(next(run(image))["predictions"][0][0]["keypoints"]))\n'
    )
    image = str(people / '000000000001.jpg')
    result = subprocess.run(
        [sys.executable, '-c', code, MODEL, weights, image],
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    keypoints = json.loads(result.stdout.splitlines()[-1])
    assert np.allclose(keypoints, expected, atol=1e-3)


@pytest.mark.parametrize('model', ['ppt-s', 'PPT_S_COCO', find_config(MODEL)])
def test_alias_and_path_name_the_same_model(model, weights, people, expected):
    result = next(inferencer(model, weights)(str(people / '000000000001.jpg')))
    assert np.allclose(result['predictions'][0][0]['keypoints'], expected)


def test_models_are_listed_beside_mmposes():
    listed = MMPoseInferencer.list_models('mmpose')
    assert set(config_names()) <= set(listed)
    assert {'ppt-s', 'human'} <= set(listed)
    assert listed.count(MODEL) == 1


def test_weights_of_another_model_are_refused(weights):
    with pytest.raises(MisfitError, match='the model has 1073 entries, the file 233'):
        inferencer('ppt_b_coco', weights)


def test_an_image_is_drawn_and_written(run, people, tmp_path, expected):
    image = str(people / '000000000001.jpg')
    (result,) = run(image, out_dir=str(tmp_path), return_vis=True, draw_bbox=True)
    assert result['visualization'][0].shape == (128, 128, 3)
    (written,) = json.loads((tmp_path / 'predictions/000000000001.json').read_text())
    assert np.allclose(written['keypoints'], expected)
    drawn = cv2.imread(str(tmp_path / 'visualizations/000000000001.jpg'))
    assert (drawn != cv2.imread(image)).any()


def test_a_folder_gives_one_result_an_image(people, weights, tmp_path):
    for image in people.glob('*.jpg'):
        (tmp_path / image.name).symlink_to(image)
    results = list(inferencer(MODEL, weights)(str(tmp_path)))
    assert len(results) == 3


def test_an_array_equals_its_file(run, people, expected):
    image = cv2.imread(str(people / '000000000001.jpg'))
    (result,) = run(image)
    assert np.allclose(result['predictions'][0][0]['keypoints'], expected)


@pytest.fixture
def video(people, tmp_path):
    path = tmp_path / 'people.mp4'
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'mp4v'), 10, (128, 128))
    for image in sorted(people.glob('*.jpg')):
        writer.write(cv2.imread(str(image)))
    writer.release()
    return path


def test_a_video_is_drawn_and_written(weights, video, tmp_path):
    results = list(inferencer(MODEL, weights)(str(video), out_dir=str(tmp_path)))
    assert len(results) == 3
    frames = json.loads((tmp_path / 'predictions/people.json').read_text())
    assert len(frames) == 3
    drawn = cv2.VideoCapture(str(tmp_path / 'visualizations/people.mp4'))
    assert drawn.get(cv2.CAP_PROP_FRAME_COUNT) == 3


def test_a_stream_is_shown_frame_by_frame(weights, video, monkeypatch):
    camera, shown = cv2.VideoCapture(str(video)), []
    monkeypatch.setattr(cv2, 'VideoCapture', lambda camera_id: camera)
    monkeypatch.setattr(cv2, 'waitKey', lambda delay: -1)
    run = inferencer(MODEL, weights)
    visualizer = run.inferencer.visualizer
    monkeypatch.setattr(visualizer, 'show', lambda *args, **kwargs: shown.append(args))
    assert len(list(run('webcam:0'))) == len(shown) == 3


def test_a_detector_gives_the_boxes(weights, people, tmp_path):
    # Its weights are random, so that it finds anything anywhere.
    base = Path(mmdet.__file__).parent / '.mim/configs/rtmdet'
    (tmp_path / 'detector.py').write_text(
        f"_base_ = '{base}/rtmdet_tiny_8xb32-300e_coco.py'\n"
        'model = dict(test_cfg=dict(max_per_img=5))\n'
    )
    run = inferencer(
        MODEL,
        weights,
        det_model=str(tmp_path / 'detector.py'),
        det_cat_ids=list(range(80)),
    )
    (result,) = run(str(people / '000000000001.jpg'), bbox_thr=0.0, nms_thr=0.9)
    boxes = np.array([person['bbox'][0] for person in result['predictions'][0]])
    assert 1 < len(boxes) <= 5
    assert np.ptp(boxes, axis=0).max() > 1


@pytest.mark.parametrize('model', [MODEL, 'ppt_s_mpii', 'ppt_s_lsp'])
def test_the_default_detector_is_mmposes(model, monkeypatch):
    # MMPose takes it from the folder of the dataset's module. Nothing is downloaded.
    asked = []

    class Detector:
        def __init__(self, **arguments):
            asked.append(arguments)

    monkeypatch.setattr(base_mmpose_inferencer, 'DetInferencer', Detector)
    monkeypatch.setattr('mmengine.infer.infer._load_checkpoint', lambda *_, **__: None)
    for name in (model, 'td-hm_res50_8xb64-210e_coco-256x192'):
        MMPoseInferencer(pose2d=name, device='cpu')
    ours, theirs = asked
    assert ours == theirs
    assert 'rtmdet' in str(ours['model'])


def test_custom_keypoints_come_with_the_weights(people, tmp_path):
    cfg = Config.fromfile(find_config('tokenpose_t_coco'))
    cfg.merge_from_dict(parsed_cfg_options(data_options(people)))
    names = ['top', *(f'marker_{i}' for i in range(1, 17))]
    # Any 17 points that are no COCO keypoints.
    metainfo = dict(
        dataset_name='markers',
        paper_info=dict(),
        keypoint_info={
            i: dict(name=name, id=i, color=[i, 0, 0], type='upper', swap='')
            for i, name in enumerate(names)
        },
        skeleton_info={},
        joint_weights=[1.0] * 17,
        sigmas=[0.1] * 17,
    )
    cfg.train_dataloader.dataset.metainfo = metainfo
    cfg.train_cfg.max_epochs = 1
    cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
    cfg.default_hooks.checkpoint.update(interval=1, save_best=None)
    cfg.dump(tmp_path / 'markers.py')
    train(str(tmp_path / 'markers.py'), work_dir=str(tmp_path / 'run'))

    saved = tmp_path / 'run' / 'markers.py'
    run = inferencer(saved, str(tmp_path / 'run' / 'epoch_1.pth'))
    meta = run.inferencer.model.dataset_meta
    assert meta['keypoint_id2name'][0] == 'top'
    assert run.inferencer.visualizer.dataset_meta['dataset_name'] == 'markers'
    assert len(next(run(str(people / '000000000002.jpg')))['predictions'][0]) == 1
