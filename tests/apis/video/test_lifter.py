"""Sequences of any length through lifters of ours and of MMPose."""

from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.structures import InstanceData
from mmpose.apis import inference_pose_lifter_model, init_model
from mmpose.registry import DATASETS, MODELS
from mmpose.structures import PoseDataSample

from ppt_mmpose.apis import find_config
from ppt_mmpose.apis import test as run_test
from ppt_mmpose.apis.video import SequenceLifter
from ppt_mmpose.datasets.pose_sequences import make_humaneva
from ppt_mmpose.datasets.synthetic.sequences import SequencePlan, make_sequences
from ppt_mmpose.evaluation.sequence_errors import frame_errors

ROOT = Path(__file__).parents[3]
THEIRS = 'mmpose::body_3d_keypoint'
SIZE = (1000, 1000)
SMALL = """
_base_ = '{root}/configs/hot_mixste_synthetic.py'
model = dict(backbone=dict(feat_size=16, depth=2), head=dict(in_channels=16))
test_dataloader = dict(num_workers=0, persistent_workers=False, batch_size=4,
                       dataset=dict(data_root='{data}'))
"""
CENTRE = "model['test_cfg'] = dict(flip_test=True, output='centre')\n"
TPC = "model['backbone']['hourglass'] = dict(prune_blocks=(1,), kept_frames=(9,), {})\n"


@pytest.fixture(scope='module')
def drawn(tmp_path_factory):
    """Three videos of 70 frames, to evaluate on."""
    folder = tmp_path_factory.mktemp('drawn')
    make_sequences(folder, SequencePlan(frames=70, cameras=1), train=1, val=3)
    return folder


def config(folder, data, extra=''):
    path = folder / 'small.py'
    path.write_text(SMALL.format(root=ROOT, data=data) + extra)
    return str(path)


def saved(path, folder, model=None):
    torch.manual_seed(0)
    model = model or MODELS.build(Config.fromfile(path).model)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    torch.save(dict(state_dict=model.state_dict()), folder / 'small.pth')
    return str(folder / 'small.pth')


def sequence(length, joints=17, seed=0):
    """Joints that move on lines in an image of 1000 px, scores and boxes."""
    random = np.random.RandomState(seed)
    start, speed = random.rand(1, joints, 2), random.rand(1, joints, 2) / 400
    keypoints = 1000 * (start + speed * np.arange(length)[:, None, None])
    boxes = np.concatenate([keypoints.min(1), keypoints.max(1)], 1)
    return keypoints, random.rand(length, joints), boxes


def whole_videos(config, lifter):
    """MPJPE, mm: mean over actions of means over frames, of the lifter's poses."""
    dataset = DATASETS.build(Config.fromfile(config).test_dataloader.dataset)
    arrays, by_action = dataset._arrays, {}
    for video in dataset.videos:
        rows = video.rows
        camera = dataset.camera_param[video.subject, video.camera]
        keypoints = arrays.keypoints[rows]
        poses = lifter.lift(
            keypoints[..., :2],
            keypoints[..., 2],
            np.zeros((len(rows), 4)),
            (camera['w'], camera['h']),
        )
        truth = arrays.poses[rows]
        errors = frame_errors(
            poses,
            truth[..., :3].astype(float),
            truth[..., 3] > 0,
            frames=np.arange(len(rows)),
            mode='mpjpe',
            root_index=0,
        )
        action = video.action.split('_')[0]
        by_action.setdefault(action, []).append(errors)
    return np.mean([np.concatenate(one).mean() for one in by_action.values()])


@pytest.mark.parametrize(
    ('extra', 'options'),
    [
        ('', dict(overlap=0)),
        # Windows of one frame each, of which there is no other overlap.
        (CENTRE + "test_dataloader['dataset']['stride'] = 1\n", {}),
        (
            CENTRE
            + TPC.format('recovery=None, position=False, keep_centre=True')
            + "test_dataloader['dataset']['stride'] = 1\n",
            {},
        ),
    ],
    ids=['all frames', 'centre', 'tpc'],
)
def test_errors_are_those_of_the_evaluator(extra, options, drawn, tmp_path):
    path = config(tmp_path, drawn, extra)
    weights = saved(path, tmp_path)
    changes = {'test_evaluator.count_padding': False}
    wanted = run_test(path, weights, work_dir=str(tmp_path), cfg_options=changes)
    found = whole_videos(path, SequenceLifter(path, weights, device='cpu', **options))
    assert found == pytest.approx(wanted['MPJPE'], rel=1e-5)


def test_errors_on_humaneva_are_those_of_the_evaluator(shared_data, tmp_path):
    folder = shared_data / 'humaneva'
    files = (folder / f'data_{kind}_humaneva15.npz' for kind in ('3d', '2d'))
    make_humaneva(tmp_path / 'data', *files)
    path = tmp_path / 'humaneva.py'
    path.write_text(
        f"_base_ = '{ROOT}/docs/studies/small_humaneva.py'\n"
        'test_dataloader = dict(dataset=dict('
        f"data_root='{tmp_path / 'data'}'))\n"
    )
    weights = saved(path, tmp_path)
    wanted = run_test(str(path), weights, work_dir=str(tmp_path))
    lifter = SequenceLifter(str(path), weights, device='cpu', overlap=0)
    assert whole_videos(str(path), lifter) == pytest.approx(wanted['MPJPE'], rel=1e-5)


class Local(torch.nn.Module):
    """A lifter whose pose depends on no more than two frames before and after."""

    reach = 2

    def test_step(self, batch):
        found = []
        for inputs in batch['inputs']:
            frames, joints = inputs.shape[:2]
            padded = torch.cat([inputs[:1]] * 2 + [inputs] + [inputs[-1:]] * 2)
            weights = torch.tensor([1.0, 2, 4, 8, 16]).view(5, 1, 1, 1)
            windows = torch.stack([padded[i : i + frames] for i in range(5)])
            poses = torch.zeros(frames, joints, 3)
            poses[..., :2] = (windows * weights).sum(0)[..., :2]
            sample = PoseDataSample()
            sample.pred_instances = InstanceData(keypoints=poses)
            found.append(sample)
        return found


@pytest.mark.parametrize('overlap', [4, 5, 13, 26])
@pytest.mark.parametrize('length', [5, 27, 28, 100])
def test_windows_change_nothing_in_the_middle(overlap, length, drawn, tmp_path):
    path = config(tmp_path, drawn)
    whole = SequenceLifter(path, device='cpu', overlap=overlap)
    whole.model = Local()
    given = sequence(length)
    found = whole.lift(*given, SIZE)
    whole.frames = whole.stride = length
    whole.used = np.arange(length)
    wanted = whole.lift(*given, SIZE)
    # The ends, too: beyond them windows go on as the lifter itself does.
    np.testing.assert_allclose(found, wanted, atol=1e-6)


@pytest.mark.parametrize('length', [1, 3, 26])
def test_short_sequences_have_poses(length, drawn, tmp_path):
    path = config(tmp_path, drawn)
    lifter = SequenceLifter(path, saved(path, tmp_path), device='cpu')
    poses = lifter.lift(*sequence(length), SIZE)
    assert poses.shape == (length, 17, 3)
    assert np.isfinite(poses).all()
    assert np.abs(poses[:, 1:]).min() > 0


def test_batches_change_nothing(drawn, tmp_path):
    path = config(tmp_path, drawn)
    weights, given = saved(path, tmp_path), sequence(120)
    told = []
    one, many = (
        SequenceLifter(path, weights, device='cpu', batch_size=size).lift(
            *given, SIZE, progress=told.append
        )
        for size in (1, 8)
    )
    np.testing.assert_allclose(one, many, atol=1e-5)
    assert sum(told) == 2 * 120


def samples_of(keypoints, boxes):
    """Frames as MMPose's function for lifters takes them."""
    frames = []
    for places, box in zip(keypoints, boxes):
        sample = PoseDataSample()
        sample.gt_instances = InstanceData()
        sample.pred_instances = InstanceData(
            keypoints=places[None].astype(np.float32), bboxes=box[None]
        )
        sample.track_id = 0
        frames.append([sample])
    return frames


@pytest.mark.parametrize('name', [
    'video_pose_lift/h36m/video-pose-lift_tcn-27frm-supv_8xb128-160e_h36m.py',
    'video_pose_lift/h36m/video-pose-lift_tcn-1frm-supv-cpn-ft_8xb128-160e_h36m.py',
])  # fmt: skip
def test_lifters_of_mmpose(name, tmp_path):
    path = f'{THEIRS}/{name}'
    lifter = SequenceLifter(path, device='cpu')
    model = init_model(str(find_config(path)), device='cpu')
    model.load_state_dict(lifter.model.state_dict())
    keypoints, scores, boxes = sequence(40)
    ours = lifter.lift(keypoints, scores, boxes, SIZE)
    half = lifter.frames // 2
    for frame in (0, 20, 39):
        window = np.arange(frame - half, frame + half + 1).clip(0, 39)
        (theirs,) = inference_pose_lifter_model(
            model, samples_of(keypoints[window], boxes[window]), image_size=SIZE
        )
        wanted = np.asarray(theirs.pred_instances.keypoints).reshape(17, 3)
        np.testing.assert_allclose(ours[frame], wanted, atol=1e-5)


def test_lifters_of_single_images_move_people(tmp_path):
    path = f'{THEIRS}/image_pose_lift/h36m/image-pose-lift_tcn_8xb64-200e_h36m.py'
    lifter = SequenceLifter(path, device='cpu')
    assert (lifter.place, lifter.frames) == ('person', 1)
    keypoints, scores, boxes = sequence(3)
    ours = lifter.lift(keypoints, scores, boxes, SIZE)
    model = init_model(str(find_config(path)), device='cpu')
    model.load_state_dict(lifter.model.state_dict())
    (theirs,) = inference_pose_lifter_model(
        model,
        samples_of(keypoints[1:2], boxes[1:2]),
        image_size=SIZE,
        norm_pose_2d=True,
    )
    wanted = np.asarray(theirs.pred_instances.keypoints).reshape(17, 3)
    np.testing.assert_allclose(ours[1], wanted, atol=1e-4)
    # Where in the image, and how large, makes no difference.
    moved = lifter.lift(3 * keypoints + 50, scores, 3 * boxes + 50, (4000, 3000))
    np.testing.assert_allclose(ours, moved, atol=1e-3)


def test_motionbert_gives_pixels(tmp_path):
    path = tmp_path / 'small.py'
    path.write_text(
        f"_base_ = '{ROOT}/configs/motionbert_h36m.py'\n"
        'model = dict(backbone=dict(seq_len=9, feat_size=16, depth=2), '
        'head=dict(in_channels=16))\n'
    )
    lifter = SequenceLifter(str(path), saved(path, tmp_path), device='cpu', overlap=0)
    assert (lifter.in_pixels, lifter.frames) == (True, 9)
    keypoints, scores, boxes = sequence(9)
    poses = lifter.lift(keypoints, scores, boxes, SIZE)
    inputs = np.concatenate([keypoints / 500 - 1, scores[..., None]], -1)
    inputs = torch.from_numpy(inputs[None].astype(np.float32))
    flip = torch.tensor(lifter.dataset_meta['flip_indices'])
    mirrored = inputs[:, :, flip] * torch.tensor([-1.0, 1, 1])
    with torch.no_grad():
        straight, back = (
            lifter.model.head(lifter.model.extract_feat(one)).numpy()[0]
            for one in (inputs, mirrored)
        )
    both = (straight + back[:, flip] * [-1, 1, 1]) / 2
    # Half of the image's width is 1. The codec puts the root at 0, whatever came.
    np.testing.assert_allclose(poses[:, 1:], 500 * both[:, 1:], rtol=1e-4, atol=0.01)
    assert poses.shape == (9, 17, 3)
    assert np.abs(poses[:, 0]).max() == 0


def test_a_causal_window_ends_with_its_frame(tmp_path):
    name = 'video-pose-lift_tcn-27frm-supv_8xb128-160e_h36m.py'
    path = tmp_path / 'causal.py'
    path.write_text(
        f"_base_ = 'mmpose::body_3d_keypoint/video_pose_lift/h36m/{name}'\n"
        'test_dataloader = dict(dataset=dict(causal=True))\n'
    )
    lifter = SequenceLifter(str(path), device='cpu')
    assert lifter.used.tolist() == [26]
    given = sequence(40)
    poses = lifter.lift(*given, SIZE)
    with torch.no_grad():
        for frame in (0, 3, 39):
            rows = np.arange(frame - 26, frame + 1).clip(0, 39)
            window = lifter.window(*(one[rows] for one in given), SIZE)
            np.testing.assert_allclose(poses[frame], window[0], atol=1e-6)
    # A frame does not change what was before it.
    changed = given[0].copy()
    changed[30] += 50
    other = lifter.lift(changed, *given[1:], SIZE)
    different = np.abs(other - poses).max((1, 2)) > 1e-7
    assert different.tolist() == [False] * 30 + [True] * 10


def test_what_does_not_fit_is_told(drawn, tmp_path):
    path = config(tmp_path, drawn)
    with pytest.raises(ValueError, match='^pose3d: expected the config of a lifter'):
        SequenceLifter('ppt_s_coco')
    with pytest.raises(FileNotFoundError, match='^pose3d_weights: expected a file'):
        SequenceLifter(path, 'nowhere.pth')
    with pytest.raises(ValueError, match='^overlap: expected 0 to 26 frames, got 27'):
        SequenceLifter(path, device='cpu', overlap=27)
    with pytest.raises(ValueError, match='^place: expected one of'):
        SequenceLifter(path, device='cpu', place='world')
    with pytest.raises(ValueError, match='^batch_size: expected 1 or more, got 0'):
        SequenceLifter(path, batch_size=0)
    lifter = SequenceLifter(path, device='cpu')
    with pytest.raises(ValueError, match=r'expected \(frames, 17 joints, 2\), got'):
        lifter.lift(*sequence(5, joints=15), SIZE)
    centre = config(tmp_path, drawn, CENTRE)
    with pytest.raises(ValueError, match='^overlap: expected None for a model that'):
        SequenceLifter(centre, device='cpu', overlap=3)


def test_weights_of_another_model_are_refused(drawn, tmp_path):
    path = config(tmp_path, drawn)
    other = saved(path, tmp_path, torch.nn.Linear(2, 3))
    with pytest.raises(ValueError, match=r'small\.pth: .*do not fit TokenPoseLifter'):
        SequenceLifter(path, other, device='cpu')
    name = 'video_pose_lift/h36m/video-pose-lift_tcn-27frm-supv_8xb128-160e_h36m.py'
    with pytest.raises(ValueError, match=r'small\.pth: expected weights of mmpose::'):
        SequenceLifter(f'{THEIRS}/{name}', other, device='cpu')
    (tmp_path / 'text.pth').write_text('no weights')
    with pytest.raises(ValueError, match=r'text\.pth: expected a checkpoint'):
        SequenceLifter(path, str(tmp_path / 'text.pth'), device='cpu')
