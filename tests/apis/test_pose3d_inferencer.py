"""MMPose's inferencer of 3D poses with our lifters."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from drawn_people import draw
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmpose.apis import MMPoseInferencer
from mmpose.registry import MODELS

from ppt_mmpose.apis import TokenPoseInferencer, find_config, visualize_tokens
from ppt_mmpose.apis.pose_2d import ImageEstimator
from ppt_mmpose.converters.candidates import dataset_meta
from ppt_mmpose.models import TokenPoseLifter

ROOT = Path(__file__).parents[2]
# Less of everything; a window of nine frames.
SMALL = """
_base_ = '{root}/configs/{name}.py'
model = dict(backbone=dict(seq_len=9, feat_size=16), head=dict(in_channels={channels}))
test_dataloader = dict(dataset=dict(frames=9, seq_len=9))
"""
# Otherwise poses are moved to where people are in Human3.6M's images of 1000 px.
PLACES = dict(disable_norm_pose_2d=True)
HOURGLASS = "model['backbone']['hourglass'] = dict(prune_blocks=(1,), kept_frames=(3,))"


def saved(config, folder):
    """A checkpoint with arbitrary weights."""
    init_default_scope('mmpose')
    torch.manual_seed(0)
    cfg = Config.fromfile(find_config(str(config)))
    content = dict(
        state_dict=MODELS.build(cfg.model).state_dict(),
        meta=dict(dataset_meta=dataset_meta(cfg)),
    )
    path = folder / f'{Path(config).stem}.pth'
    torch.save(content, path)
    return str(path)


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    """Images, a video of them, and the weights of a 2D model."""
    folder = tmp_path_factory.mktemp('lifting')
    images = sorted(draw(folder / 'people', count=3).glob('*.jpg'))
    writer = cv2.VideoWriter(
        str(folder / 'people.mp4'), cv2.VideoWriter_fourcc(*'mp4v'), 10, (128, 128)
    )
    for image in images:
        writer.write(cv2.imread(str(image)))
    writer.release()
    saved('ppt_s_coco', folder)
    return folder


@pytest.fixture
def seen(monkeypatch):
    """What goes into lifters."""
    noted, forward = [], TokenPoseLifter.forward

    def note(model, inputs, *args, **kwargs):
        noted.append(torch.stack(list(inputs)))
        return forward(model, inputs, *args, **kwargs)

    monkeypatch.setattr(TokenPoseLifter, 'forward', note)
    return noted


def inferencer(folder, config, kind=MMPoseInferencer):
    return kind(
        pose3d=str(config),
        pose3d_weights=saved(config, folder),
        pose2d='ppt_s_coco',
        pose2d_weights=str(folder / 'ppt_s_coco.pth'),
        det_model='whole_image',
        device='cpu',
    )


def small(folder, name, channels=16, extra=''):
    path = folder / f'small_{name}.py'
    path.write_text(SMALL.format(root=ROOT, name=name, channels=channels) + extra)
    return path


def test_by_name_each_image_alone(folder, seen, tmp_path):
    run = inferencer(folder, 'hot_motionbert_h36m')
    image = next((folder / 'people').glob('*.jpg'))
    (result,) = run(str(image), out_dir=str(tmp_path), return_vis=True, **PLACES)
    (person,) = result['predictions'][0]
    keypoints = np.array(person['keypoints'])
    assert keypoints.shape == (17, 3)
    assert np.isfinite(keypoints).all()
    assert len(np.unique(keypoints.round(4), axis=0)) > 9
    # One frame, x and y and score.
    assert [tuple(one.shape) for one in seen] == [(1, 1, 17, 3)]
    assert seen[0].abs().max() < 1.5
    # The image, and the pose beside it.
    assert result['visualization'][0].shape == (128, 256, 3)
    drawn = cv2.imread(str(tmp_path / 'visualizations' / image.name))
    assert len(np.unique(drawn[:, 128:].reshape(-1, 3), axis=0)) > 9


def test_a_video_frame_by_frame(folder, seen, tmp_path):
    run = inferencer(folder, small(folder, 'hot_mixste_h36m', extra=HOURGLASS))
    results = list(run(str(folder / 'people.mp4'), out_dir=str(tmp_path), **PLACES))
    assert len(results) == len(seen) == 3
    written = json.loads((tmp_path / 'predictions' / 'people.json').read_text())
    poses = np.array([one['instances'][0]['keypoints'] for one in written])
    assert poses.shape == (3, 17, 3)
    assert np.abs(poses[0] - poses[1]).max() > 1e-4


@pytest.mark.parametrize(
    ('name', 'channels', 'extra'),
    [
        ('tpc_mixste_h36m', 16, HOURGLASS),
        ('mhformer_h36m', 48, ''),
        ('tpc_mhformer_h36m', 48, HOURGLASS),
    ],
)
def test_a_window_is_the_frame_over_and_over(folder, seen, name, channels, extra):
    run = inferencer(folder, small(folder, name, channels, extra))
    results = list(run(str(folder / 'people.mp4'), **PLACES))
    assert [np.shape(r['predictions'][0][0]['keypoints']) for r in results] == [
        (17, 3)
    ] * 3
    last = seen[-1]
    assert last.shape[:3] == (1, 9, 17)
    # MMPose's tracking is not told who was there in the frame before, so that everybody
    # is new in every frame, and frames to come are unknown.
    assert torch.equal(last, last[:, :1].expand(-1, 9, -1, -1))
    assert not torch.equal(last, seen[0])


def test_without_a_window_a_model_of_windows_says_so(folder):
    path = small(
        folder, 'mhformer_h36m', 48, "test_dataloader['dataset']['seq_len'] = 1\n"
    )
    run = inferencer(folder, path)
    with pytest.raises(ValueError, match=r'expected \(batch, 9 frames, .*\(1, 1, 17'):
        next(run(str(folder / 'people.mp4'), **PLACES))


def test_poses_that_the_inferencer_moved_out_of_the_image(folder):
    run = inferencer(folder, small(folder, 'mixste_h36m'))
    with pytest.raises(ValueError, match='got [1-9][0-9.]* .*disable_norm_pose_2d=Tr'):
        next(run(np.zeros((40, 40, 3), np.uint8)))


def test_given_boxes_are_those_of_the_2d_model(folder, seen):
    config = small(folder, 'mixste_h36m')
    run = inferencer(folder, config, TokenPoseInferencer)
    image = str(next((folder / 'people').glob('*.jpg')))
    whole = next(run(image, bboxes=[[(0, 0, 128, 128)]], **PLACES))
    part = next(run(image, bboxes=[[(60, 60, 100, 120)]], **PLACES))
    plain = next(run(image, **PLACES))
    # The detector is back.
    assert torch.equal(seen[0], seen[2])
    assert not torch.equal(seen[0], seen[1])
    assert len({len(one['predictions'][0]) for one in (whole, part, plain)}) == 1


def test_there_are_no_patches_to_draw(folder):
    run = inferencer(folder, small(folder, 'mixste_h36m'), TokenPoseInferencer)
    message = r'expected TokenPose or PPT, .*TokenPoseLifter \(MixSTE, PoseSequenceHead'
    with pytest.raises(ValueError, match=message):
        next(run(str(folder / 'people.mp4'), draw_tokens=True))


def test_a_lifter_is_no_model_of_images(folder, tmp_path):
    config = str(small(folder, 'mixste_h36m'))
    weights = saved(config, folder)
    message = 'pose2d: expected a model of images, got .*small_mixste_h36m.py'
    image = str(next((folder / 'people').glob('*.jpg')))
    with pytest.raises(ValueError, match=message):
        TokenPoseInferencer(config, weights, det_model='whole_image', device='cpu')
    with pytest.raises(ValueError, match=message):
        visualize_tokens(image, config, weights, out_dir=str(tmp_path), device='cpu')
    with pytest.raises(ValueError, match=message):
        ImageEstimator(config, weights, 'cpu')
