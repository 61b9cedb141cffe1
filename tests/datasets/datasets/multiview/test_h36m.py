import made_h36m
import numpy as np
import pytest
import torch
from mmpose.registry import DATASETS

from ppt_mmpose.evaluation.view_groups import SAMPLE_KEYS
from ppt_mmpose.geometry import Cameras

PIPELINE = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale', padding=1.0),
    dict(type='TopdownAffine', input_size=(64, 64)),
]


def dataset_of(folder, **options):
    settings = dict(
        type='H36MMultiViewDataset',
        data_root=str(folder),
        ann_file='annot/h36m_validation.pkl',
        data_prefix=dict(img='images/'),
    )
    return DATASETS.build(settings | options)


@pytest.fixture
def toolbox(tmp_path):
    made_h36m.write_toolbox(tmp_path, made_h36m.toolbox_entries())
    return tmp_path


@pytest.fixture
def prepared(tmp_path):
    made_h36m.write_prepared(tmp_path)
    return dict(
        folder=tmp_path, ann_file='h36m_test.npz', camera_param_file='cameras.pkl'
    )


def places(dataset):
    return [
        (sample['group_id'].split('_', 1)[1], sample['view_id']) for sample in dataset
    ]


def expect_cameras_to_see_the_labels(dataset):
    for sample in dataset:
        camera = {k: v for k, v in sample['camera'].items() if k != 'image_size'}
        cameras = Cameras(**{k: torch.from_numpy(v)[None] for k, v in camera.items()})
        world = torch.from_numpy(sample['keypoints_3d_world'])
        pixels = cameras.project(world).pixels.numpy()
        np.testing.assert_allclose(pixels, sample['keypoints'], atol=1e-3)


def test_groups_of_four_views(toolbox):
    dataset = dataset_of(toolbox)
    assert len(dataset) == 20
    takes = [
        '09_act_02_subact_01/000001',
        '09_act_05_subact_02/000001',
        '09_act_05_subact_01/000006',
        '11_act_16_subact_02/000003',
        '11_act_16_subact_02/000004',
    ]
    assert places(dataset) == [(take, view) for take in takes for view in range(4)]
    assert dataset[6]['img_path'] == str(
        toolbox / 'images/s_09_act_05_subact_02_ca_03/'
        's_09_act_05_subact_02_ca_03_000001.jpg'
    )
    meta = [dataset[6][key] for key in ('subject', 'action', 'subaction')]
    assert meta == [9, 5, 2]
    expect_cameras_to_see_the_labels(dataset)


def test_as_the_release_selects(toolbox):
    # The first after the damaged take, which is not counted.
    tested = dataset_of(toolbox, skip_takes='damaged', every=3)
    assert [group for group, view in places(tested) if view == 0] == [
        '09_act_02_subact_01/000001',
        '11_act_16_subact_02/000004',
    ]


def test_some_cameras_keep_their_numbers(toolbox):
    dataset = dataset_of(toolbox, cameras=(1, 3))
    assert [view for _, view in places(dataset)] == [1, 3] * 5


def test_a_view_is_missing(toolbox):
    entries = made_h36m.toolbox_entries()
    del entries[5]
    made_h36m.write_toolbox(toolbox, entries)
    assert len(dataset_of(toolbox)) == 16
    assert [view for _, view in places(dataset_of(toolbox, min_views=3))][4:7] == [
        *(0, 2, 3)
    ]


def test_the_crop_is_the_released_one(toolbox):
    sample = dataset_of(toolbox, pipeline=PIPELINE)[2]
    # A square of 0.5 * 200 px around (82, 64), and the middle of the image at 32.
    np.testing.assert_allclose(sample['input_center'], [82, 64], atol=1e-4)
    np.testing.assert_allclose(sample['input_scale'], [100, 100], atol=1e-4)
    expected = (sample['keypoints'] - [82, 64]) * 0.64 + 32
    np.testing.assert_allclose(sample['transformed_keypoints'], expected, atol=1e-3)
    assert sample['img'].shape == (64, 64, 3)


@pytest.mark.parametrize('size', [(64, 64), (48, 64)])
def test_packed_with_what_several_views_need(toolbox, size):
    keys = ('id', 'subject', 'action', 'subaction', *SAMPLE_KEYS)
    pipeline = [
        *PIPELINE[:2],
        dict(type='TopdownAffine', input_size=size),
        dict(type='PackPoseInputs', meta_keys=keys),
    ]
    packed = dataset_of(toolbox, pipeline=pipeline)[4]
    assert packed['inputs'].shape == (3, *size[::-1])
    meta = packed['data_samples'].metainfo
    assert set(meta) == set(keys)
    assert meta['view_id'] == 0
    assert meta['keypoints_3d_visible'].tolist() == [1] * 17


def test_keypoints_and_flip_pairs(toolbox):
    meta = dataset_of(toolbox).metainfo
    names = [meta['keypoint_id2name'][joint] for joint in range(17)]
    assert [names[joint] for joint in (0, 1, 3, 4, 10, 11, 16)] == [
        *('root', 'right_hip', 'right_foot', 'left_hip', 'head', 'left_shoulder'),
        'right_wrist',
    ]
    swapped = [0, 4, 5, 6, 1, 2, 3, 7, 8, 9, 10, 14, 15, 16, 11, 12, 13]
    assert meta['flip_indices'] == swapped
    assert len(meta['skeleton_links']) == 16


def test_the_annotations_that_mmpose_prepares(prepared):
    dataset = dataset_of(**prepared)
    takes = 'Waiting_1/000006', 'Waiting/000006'
    assert places(dataset) == [(take, view) for take in takes for view in range(4)]
    expect_cameras_to_see_the_labels(dataset)
    left = dataset_of(**prepared, skip_takes='damaged')
    assert {sample['subaction'] for sample in left} == {2}


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(ann_file='a.json'), r"ann_file: expected a .pkl .* got 'a.json'"),
        (dict(camera_param_file='c.pkl'), r"camera_param_file: .* got 'c.pkl' with"),
        (dict(ann_file='a.npz'), "camera_param_file: .* got None with 'a.npz'"),
        (dict(every=0), 'every: expected 1 or more groups, got 0'),
        (dict(data_mode='bottomup'), "data_mode: expected 'topdown' .* got 'bottomup'"),
        (dict(sample_interval=2), 'sample_interval: expected 1 for .* got 2'),
    ],
)
def test_options_that_cannot_be(tmp_path, options, message):
    with pytest.raises(ValueError, match=message):
        dataset_of(tmp_path, **options)


def test_two_entries_of_one_view(toolbox):
    entries = made_h36m.toolbox_entries()
    entries[6]['camera_id'] = 1
    made_h36m.write_toolbox(toolbox, entries, images=False)
    message = (
        r"h36m_validation.pkl': group 'h36m/s_09_act_05_subact_02/000001': expected "
        'one entry of camera 1, got the entries 5 and 6'
    )
    with pytest.raises(ValueError, match=message):
        dataset_of(toolbox)


@pytest.mark.parametrize('field', ['joints_2d', 'joints_3d', 'center', 'scale'])
def test_a_number_that_is_none(toolbox, field):
    entries = made_h36m.toolbox_entries()
    entries[6][field] = np.full_like(entries[6][field], np.nan)
    made_h36m.write_toolbox(toolbox, entries, images=False)
    names = dict(
        joints_2d='keypoints', joints_3d='world', center='centre', scale='size'
    )
    message = (
        rf"h36m_validation.pkl': {names[field]} of s_09.*_ca_03_000001.jpg: expected "
        'finite numbers, got nan'
    )
    with pytest.raises(ValueError, match=message):
        dataset_of(toolbox)


def test_real_images(mmpose_sample):
    dataset = dataset_of(
        mmpose_sample / 'h36m',
        ann_file='test_h36m_body3d.npz',
        camera_param_file='cameras.pkl',
        data_prefix=dict(img=''),
        min_views=1,
        pipeline=PIPELINE,
    )
    assert [sample['view_id'] for sample in dataset] == [0, 0, 1, 1]
    for sample in dataset:
        assert sample['img'].mean() > 10
        joints = sample['transformed_keypoints']
        assert joints.min() > 0
        assert joints.max() < 64
