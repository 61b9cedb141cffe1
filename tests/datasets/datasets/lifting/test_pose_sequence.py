"""Windows of made-up sequences, and what MMPose's codecs make of them."""

import pickle
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
import torch
from made_sequences import METAINFO, sequence, write_made
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmpose.codecs import VideoPoseLifting
from mmpose.registry import DATASETS, KEYPOINT_CODECS, METRICS

from ppt_mmpose.apis.config_files import config_folder
from ppt_mmpose.datasets.pose_sequences import make_humaneva

KEYS = (
    *('id', 'category_id', 'target_img_path', 'flip_indices', 'target_root'),
    *('camera_param', 'padded', 'factor'),
)
CODEC = dict(
    type='VideoPoseLifting',
    num_keypoints=3,
    zero_center=True,
    root_index=0,
    remove_root=False,
    reshape_keypoints=False,
)
FLIP = dict(
    type='RandomFlipAroundRoot',
    keypoints_flip_cfg=dict(center_mode='static', center_x=0.0),
    target_flip_cfg=dict(center_mode='static', center_x=0.0),
    flip_prob=1.0,
    flip_label=True,
)


ONE_JOINT = {0: METAINFO['keypoint_info'][0]}


@pytest.fixture
def config(tmp_path):
    return write_made(
        tmp_path, sequence('S1', 'Walking_1', 7), sequence('S2', 'Jog', 3, first=20)
    )


def build(config, codec=None, flip=False, **options):
    pipeline = []
    if codec:
        pipeline = [
            dict(type='GenerateTarget', encoder=codec),
            *([FLIP] if flip else []),
            dict(type='PackPoseInputs', meta_keys=KEYS),
        ]
    return DATASETS.build({**config, 'frames': 5, 'pipeline': pipeline, **options})


def test_chunks(config):
    dataset = build(config)
    # Two for 7 frames, one for 3.
    assert len(dataset) == 3
    first, _, jog = (dataset[index] for index in range(3))
    assert first['keypoints'][:, 0, 1].tolist() == [0, 0, 1, 2, 3]
    assert first['padded'].tolist() == [True, False, False, False, False]
    assert first['lifting_target'][:, 2, 1].tolist() == [0, 0, 1, 2, 3]
    assert first['keypoints'].shape == (5, 3, 2)
    assert first['lifting_target'].shape == (5, 3, 3)
    for name in ('keypoints_visible', 'lifting_target_visible'):
        np.testing.assert_array_equal(first[name], np.ones((5, 3)))
    assert first['camera_param']['w'] == 640
    assert first['flip_indices'] == [0, 2, 1]
    assert jog['target_img_path'].tolist() == [
        f'S2_Jog.C1_{frame:06}.jpg' for frame in (1, 1, 2, 3, 3)
    ]
    assert jog['keypoints'][:, 0, 1].tolist() == [20, 20, 21, 22, 22]
    assert jog['padded'].tolist() == [True, False, False, False, True]
    assert jog['camera_param']['h'] == 1002
    assert (jog['id'], jog['category_id']) == (2, 1)


def test_a_length_for_mmposes_inferencers(config):
    dataset = build(config, seq_len=5)
    assert len(dataset) == 3
    assert dataset[0]['keypoints'].shape == (5, 3, 2)
    with pytest.raises(ValueError, match='seq_len: expected frames and stride'):
        build(config, seq_len=4)


def test_a_window_around_each_frame(config):
    dataset = build(config, stride=1)
    assert len(dataset) == 7 + 3
    for index in range(7):
        sample = dataset[index]
        assert sample['keypoints'][2, 0, 1] == index
        assert not sample['padded'][2]
    assert dataset[7]['target_img_path'][2] == 'S2_Jog.C1_000001.jpg'


def test_windows_are_not_stored(config):
    short, long = (build(config, stride=1, frames=frames) for frames in (3, 301))
    # A window of 301 frames is of 18 kB; some digits of its start are stored.
    assert len(long.data_bytes) < 1.2 * len(short.data_bytes) < 60 * 10


def test_samples_are_copies(config):
    dataset = build(config)
    sample = dataset[0]
    expected = deepcopy(sample)
    for value in (sample['keypoints'], sample['lifting_target'], sample['padded']):
        value[:] = 1
    sample['camera_param']['f'] *= -1
    again = dataset[0]
    for name in ('keypoints', 'lifting_target', 'padded'):
        np.testing.assert_array_equal(again[name], expected[name])
    np.testing.assert_array_equal(
        again['camera_param']['f'], expected['camera_param']['f']
    )


def test_goes_to_other_processes(config):
    dataset = pickle.loads(pickle.dumps(build(config)))
    assert dataset[1]['keypoints'][:, 0, 1].tolist() == [4, 5, 6, 6, 6]


def test_read_when_needed(config, tmp_path):
    dataset = build(config, lazy_init=True)
    assert dataset.metainfo['num_keypoints'] == 3
    (tmp_path / 'made.npz').write_bytes(b'')
    with pytest.raises(ValueError, match='made.npz'):
        len(dataset)


def test_a_file_that_is_not_there(config, tmp_path):
    message = rf'ann_file: expected a file, got {tmp_path}/none.npz, which is not there'
    with pytest.raises(FileNotFoundError, match=message):
        build(config, ann_file='none.npz')


def test_a_part(config):
    dataset = build(config, indices=[2])
    assert len(dataset) == 1
    assert dataset[0]['id'] == 2
    assert dataset[0]['keypoints'][0, 0, 1] == 20


def test_detections(config, tmp_path):
    one = sequence('S1', 'Walking_1', 7)
    scores = np.full((7, 3, 1), 0.25)
    one = one._replace(detected=np.concatenate((one.keypoints + 0.5, scores), -1))
    write_made(tmp_path, one, detected=tmp_path / 'found.npy')
    options = dict(keypoint_2d_src='detection', keypoint_2d_det_file='found.npy')
    sample = build(config, **options)[0]
    assert sample['keypoints'][:, 0, 1].tolist() == [0.5, 0.5, 1.5, 2.5, 3.5]
    assert (sample['keypoints_visible'] == 0.25).all()
    assert build(config)[0]['keypoints'][1, 0, 1] == 0


def test_mmposes_codec(config):
    packed = build(config, CODEC)[0]
    inputs, sample = packed['inputs'], packed['data_samples']
    # x / w * 2 - [1, h / w]
    expected_x = torch.tensor([100.0, 110, 120]) / 640 * 2 - 1
    torch.testing.assert_close(inputs[0, :, 0], expected_x)
    expected_y = torch.tensor([0.0, 0, 1, 2, 3]) / 640 * 2 - 480 / 640
    torch.testing.assert_close(inputs[:, 0, 1], expected_y)
    assert inputs.shape == (5, 3, 2)
    assert inputs.dtype == torch.float32
    label = sample.gt_instance_labels.lifting_target_label
    # Root-relative: joint j at (j, frame, j).
    assert label[4].tolist() == [[0, 0, 0], [1, 3, 1], [2, 3, 2]]
    assert label.dtype == torch.float32
    assert sample.gt_instance_labels.lifting_target_weight.shape == (5, 3)
    assert sample.gt_instances.lifting_target[4, 2].tolist() == [2, 3, 7]
    assert sample.target_root.tolist() == [[0, 0, 5]] * 5
    assert sample.padded.tolist() == [True] + 4 * [False]
    assert set(KEYS) <= set(sample.metainfo)
    batch = pseudo_collate([build(config, CODEC)[index] for index in range(3)])
    assert torch.stack(batch['inputs']).shape == (3, 5, 3, 2)


def test_roots_of_frames_need_a_dimension_to_decode():
    # MMPose's decode adds (T, 3) as it is to (T, J, 3): to joints, not to frames.
    codec = VideoPoseLifting(3, reshape_keypoints=False)
    poses, roots = np.zeros((3, 3, 3)), np.arange(9.0).reshape(3, 3)
    assert codec.decode(poses, roots[:, None])[0][1].tolist() == [[3, 4, 5]] * 3
    assert codec.decode(poses, roots)[0][1].tolist() == roots.tolist()


def test_scores_as_a_third_number(config):
    inputs = build(config, dict(CODEC, concat_vis=True))[0]['inputs']
    assert inputs.shape == (5, 3, 3)
    assert (inputs[..., 2] == 1).all()


def test_mirrored(config):
    plain, mirrored = (build(config, CODEC, flip)[0] for flip in (False, True))
    sign = torch.tensor([-1.0, 1])
    torch.testing.assert_close(mirrored['inputs'], plain['inputs'][:, [0, 2, 1]] * sign)
    labels = [
        one['data_samples'].gt_instance_labels.lifting_target_label
        for one in (plain, mirrored)
    ]
    sign = torch.tensor([-1.0, 1, 1])
    torch.testing.assert_close(labels[1], labels[0][:, [0, 2, 1]] * sign)


@pytest.mark.parametrize('mode', ['train', 'test'])
def test_the_codec_of_motionbert(config, mode):
    codec = dict(
        type='MotionBERTLabel',
        num_keypoints=3,
        concat_vis=True,
        rootrel=True,
        mode=mode,
    )
    packed = build(config, codec)[0]
    inputs, sample = packed['inputs'], packed['data_samples']
    torch.testing.assert_close(inputs[..., :2], build(config, CODEC)[0]['inputs'])
    assert (inputs[..., 2] == 1).all()
    label = sample.gt_instance_labels.lifting_target_label
    assert label.shape == (5, 3, 3)
    factor = sample.metainfo['factor']
    assert factor.shape == (5, 1)
    if mode == 'train':
        decoder = KEYPOINT_CODECS.build(codec)
        width, height = (np.array([[float(size)]] * 5) for size in (640, 480))
        label = decoder.decode(label.numpy(), width, height, factor)[0]
    # Depth in m; x as it looks at the depth of the root, but for one px that MMPose
    # adds to a length of 280.
    np.testing.assert_allclose(label[:, 1, 2], 1, rtol=1e-5)
    np.testing.assert_allclose(label[:, 1, 0], 5 / 6 / (1 + 1 / 280), rtol=1e-4)
    np.testing.assert_allclose(label[:, 0], 0, atol=1e-6)


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(seq_len=3, causal=False), 'seq_len, causal: expected frames and stride'),
        (dict(stride=6), 'stride: expected 1 to 5, .* got 6'),
        *(
            (dict(frames=wrong), 'frames: expected a whole number, 1 or more, got')
            for wrong in (0, 2.5, '27', True)
        ),
        *(
            (dict(stride=wrong), 'stride: expected a whole number, got')
            for wrong in (1.5, '1', True)
        ),
        (dict(keypoint_2d_src='pipeline'), "keypoint_2d_src: .* got 'pipeline'"),
        (dict(keypoint_2d_src='detection'), 'keypoint_2d_det_file: expected a file'),
        (dict(keypoint_2d_det_file='a.npy'), 'keypoint_2d_det_file: .* none without'),
        (
            dict(metainfo=dict(METAINFO, keypoint_info=ONE_JOINT)),
            'keypoint_names: expected the joints of the dataset, root, in this order',
        ),
        (dict(factor_file='made.npz'), 'made.npz: expected'),
    ],
)
def test_errors(config, options, message):
    with pytest.raises(ValueError, match=message):
        build(config, **options)


def test_a_camera_that_is_not_there(tmp_path):
    config = write_made(tmp_path, sequence('S3', 'Jog', 2))
    with pytest.raises(
        ValueError,
        match=r'cameras.json: expected the camera S3.C1 .*, got S1.C1, S2',
    ):
        build(config)


def test_factors(config, tmp_path):
    np.save(tmp_path / 'factors.npy', np.arange(10.0))
    sample = build(config, factor_file='factors.npy')[0]
    assert sample['factor'].tolist() == [0, 0, 1, 2, 3]
    np.save(tmp_path / 'factors.npy', np.arange(9.0))
    with pytest.raises(ValueError, match=r'factors.npy: expected the shape \(10,\)'):
        build(config, factor_file='factors.npy')


def test_mmposes_sample_of_human36m(mmpose_sample):
    folder = mmpose_sample / 'h36m'
    dataset = DATASETS.build(
        dict(
            type='PoseSequenceDataset',
            data_root=str(folder),
            ann_file='test_h36m_body3d.npz',
            camera_param_file='cameras.pkl',
            keypoint_2d_src='detection',
            keypoint_2d_det_file='test_h36m_2d_detection.npy',
            frames=3,
        )
    )
    # Four videos of one frame each.
    assert len(dataset) == 4
    sample = dataset[0]
    assert sample['padded'].tolist() == [True, False, True]
    stored = np.load(folder / 'test_h36m_body3d.npz')
    np.testing.assert_allclose(
        sample['lifting_target'], np.repeat(stored['S'][:1, :, :3], 3, 0), rtol=1e-6
    )
    found = np.load(folder / 'test_h36m_2d_detection.npy')
    np.testing.assert_allclose(sample['keypoints'][1], found[0, :, :2], rtol=1e-6)


@pytest.fixture(scope='session')
def humaneva(tmp_path_factory):
    folder = Path(__file__).parents[4].parent / 'shared' / 'data' / 'humaneva'
    if not folder.exists():
        pytest.skip('real data absent: ../shared/data/humaneva')
    out = tmp_path_factory.mktemp('humaneva')
    files = (folder / f'data_{kind}_humaneva15.npz' for kind in ('3d', '2d'))
    make_humaneva(out, *files)
    config = Config.fromfile(config_folder() / '_base_' / 'humaneva_sequences.py')
    return config, str(out)


@pytest.mark.parametrize(
    ('frames', 'stride'), [(27, None), (81, None), (243, None), (27, 1)]
)
def test_all_frames_of_humaneva(humaneva, frames, stride):
    config, root = humaneva
    counts = []
    for loader in (config.train_dataloader, config.val_dataloader):
        options = dict(data_root=root, frames=frames, stride=stride, pipeline=[])
        dataset = DATASETS.build({**loader.dataset, **options})
        if stride == 1:
            counts.append(len(dataset))
        else:
            counts.append(sum(int((~sample['padded']).sum()) for sample in dataset))
    assert counts == [3 * 4729, 3 * 4848]
    assert sum(counts) == 3 * 9577


def test_a_constant_pose_on_humaneva(humaneva):
    config, root = humaneva
    train = DATASETS.build({**config.train_dataloader.dataset, 'data_root': root})
    poses = np.concatenate([train.get_data_info(i)['lifting_target'] for i in range(9)])
    pose = (poses - poses[:, :1]).mean(0)
    test = DATASETS.build({**config.test_dataloader.dataset, 'data_root': root})
    metric = METRICS.build(config.test_evaluator)
    for packed in test:
        sample = packed['data_samples'].to_dict()
        sample['pred_instances'] = dict(keypoints=np.repeat(pose[None], 27, 0))
        metric.process(None, [sample])
    result = metric.evaluate(len(test))
    assert 100 < result['P-MPJPE'] < result['MPJPE'] < 400
    actions = {key[6:] for key in result if key.startswith('MPJPE_')}
    assert actions == {'Box', 'Gestures', 'Jog', 'ThrowCatch', 'Walking'}
