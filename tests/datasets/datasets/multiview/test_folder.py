import json

import numpy as np
import pytest
import ring_recording
import torch
from mmpose.registry import DATASETS

from ppt_mmpose.evaluation.view_groups import SAMPLE_KEYS
from ppt_mmpose.geometry import Cameras


@pytest.fixture
def recording(tmp_path):
    """The folder, and the keypoints in the world."""
    return tmp_path / 'take', ring_recording.write(tmp_path / 'take')


def dataset_of(folder, **options):
    return DATASETS.build(
        dict(type='MultiViewFolderDataset', data_root=str(folder), **options)
    )


def edit(folder, change):
    file = folder / 'keypoints_2d.json'
    content = json.loads(file.read_text())
    change(content)
    file.write_text(json.dumps(content))


def places(dataset):
    return [(sample['group_id'][-1], sample['view_id']) for sample in dataset]


def test_views_of_an_instant_are_adjacent_and_in_order(recording):
    dataset = dataset_of(recording[0])
    assert len(dataset) == 12
    assert places(dataset) == [(t, v) for t in '012' for v in range(4)]
    for sample in dataset:
        camera = f'cam{sample["view_id"]}'
        assert sample['img_path'].endswith(
            f'{camera}/00000{sample["group_id"][-1]}.jpg'
        )
        assert sample['group_id'].startswith(str(recording[0]))


def test_the_camera_projects_the_3d_label_onto_the_2d_label(recording):
    folder, poses = recording
    for index, sample in enumerate(dataset_of(folder)):
        camera = dict(sample['camera'])
        assert camera.pop('image_size') == ring_recording.SIZE
        of_one = Cameras(**{k: torch.from_numpy(v)[None] for k, v in camera.items()})
        world = sample['keypoints_3d_world']
        np.testing.assert_array_equal(world, poses[index // 4])
        pixels = of_one.project(torch.from_numpy(world)).pixels.numpy()
        np.testing.assert_allclose(pixels, sample['keypoints'], atol=1e-3)
        np.testing.assert_array_equal(sample['keypoints_3d_visible'], np.ones(17))


def test_keypoints_that_are_hidden(recording):
    def change(content):
        person = content['annotations'][5]
        person['keypoints'][2::3] = [0, 1, 2, 1, *[2] * 13]

    edit(recording[0], change)
    samples = list(dataset_of(recording[0]))
    assert not samples[4]['keypoints_hidden'].any()
    (hidden,) = [s['keypoints_hidden'] for s in samples if s['keypoints_hidden'].any()]
    assert hidden.shape == (1, 17)
    assert np.flatnonzero(hidden[0]).tolist() == [1, 3]


def test_packed_with_what_several_views_need(recording):
    pipeline = [
        dict(type='LoadImage'),
        dict(type='GetBBoxCenterScale'),
        dict(type='TopdownAffine', input_size=(48, 64)),
        dict(type='PackPoseInputs', meta_keys=('id', *SAMPLE_KEYS)),
    ]
    packed = dataset_of(recording[0], pipeline=pipeline)[5]
    assert packed['inputs'].shape == (3, 64, 48)
    meta = packed['data_samples'].metainfo
    assert set(meta) == {'id', *SAMPLE_KEYS}
    assert meta['view_id'] == 1
    assert meta['camera']['rotation'].shape == (3, 3)


def test_a_view_without_image_or_label_is_absent(recording):
    folder, _ = recording
    (folder / 'cam1' / '000000.jpg').unlink()
    # Of the first camera's last image.
    edit(folder, lambda content: content['annotations'].pop(2))
    expected = [(t, v) for t in '012' for v in range(4)]
    expected.remove(('0', 1))
    expected.remove(('2', 0))
    assert places(dataset_of(folder)) == expected


def test_instants_are_in_their_natural_order(recording):
    folder, _ = recording
    (folder / 'keypoints_3d.npz').unlink()

    def rename(content):
        for image in content['images']:
            old = image['file_name']
            image['file_name'] = old.replace('000000', '10').replace('00000', '')
            (folder / old).rename(folder / image['file_name'])

    edit(folder, rename)
    dataset = dataset_of(folder)
    names = [sample['img_path'].split('/')[-1] for sample in dataset]
    assert names[::4] == ['1.jpg', '2.jpg', '10.jpg']
    assert 'keypoints_3d_world' not in dataset[0]


def test_an_instant_without_3d_label(recording):
    folder, poses = recording
    visible = np.ones((2, 17), bool)
    visible[1, 3] = False
    poses = poses[[0, 2]]
    poses[1, 3] = np.nan
    ring_recording.write_keypoints_3d(
        folder, poses, names=np.array(['000000', '000002']), visible=visible
    )
    dataset = dataset_of(folder)
    assert dataset[0]['keypoints_3d_visible'].all()
    assert not dataset[4]['keypoints_3d_visible'].any()
    assert not dataset[4]['keypoints_3d_world'].any()
    assert dataset[8]['keypoints_3d_visible'].tolist() == [1] * 3 + [0] + [1] * 13
    assert not dataset[8]['keypoints_3d_world'][3].any()


def test_an_image_of_no_camera(recording):
    def change(content):
        content['images'][1]['file_name'] = 'door/000001.jpg'

    edit(recording[0], change)
    message = r"keypoints_2d.json': .* a camera of cam0, cam1, .* got 'door/000001.jpg'"
    with pytest.raises(ValueError, match=message):
        dataset_of(recording[0])


def test_two_people_in_a_view(recording):
    def change(content):
        content['annotations'][5]['image_id'] = content['annotations'][4]['image_id']

    edit(recording[0], change)
    message = r'expected one person in cam1/000001.jpg, .* with id 5 and 6'
    with pytest.raises(ValueError, match=message):
        dataset_of(recording[0])


def test_3d_labels_of_other_keypoints(recording):
    folder, poses = recording
    names = np.array(ring_recording.COCO)
    ring_recording.write_keypoints_3d(folder, poses[:, :16], keypoint_names=names[:16])
    message = r'take: expected 3D labels of the 17 keypoints .*nose, .* got 16 \(nose'
    with pytest.raises(ValueError, match=message):
        dataset_of(folder)
    ring_recording.write_keypoints_3d(folder, poses, keypoint_names=names[::-1])
    with pytest.raises(ValueError, match=r'got 17 \(right_ankle, '):
        dataset_of(folder)


def test_3d_labels_of_an_unknown_instant(recording):
    folder, poses = recording
    names = np.array(['000000', '000001', '000007'])
    ring_recording.write_keypoints_3d(folder, poses, names=names)
    with pytest.raises(ValueError, match=r"keypoints_3d.npz.* got '000007'"):
        dataset_of(folder)


def test_no_label_has_an_image(recording):
    folder, _ = recording
    edit(folder, lambda content: content.update(images=content['images'][:1]))
    edit(folder, lambda content: content.update(annotations=content['annotations'][:1]))
    (folder / 'cam0' / '000000.jpg').unlink()
    message = r"keypoints_2d.json': expected labels of images in '.*take', got none$"
    with pytest.raises(ValueError, match=message):
        dataset_of(folder)


def test_a_labelled_instant_of_which_all_views_are_missing(recording):
    folder, _ = recording
    for camera in range(4):
        (folder / f'cam{camera}' / '000001.jpg').unlink()
    message = (
        r"keypoints_2d.json': cam0/000001.jpg is labelled: expected an image of this "
        r"instant in at least one view of '.*take', got none$"
    )
    with pytest.raises(ValueError, match=message):
        dataset_of(folder)


@pytest.mark.parametrize(
    'option', [dict(data_mode='bottomup'), dict(bbox_file='a'), dict(sample_interval=2)]
)
def test_what_would_tear_views_apart(recording, option):
    name, value = next(iter(option.items()))
    message = f'{name}: expected .* for a MultiViewFolderDataset, got {value!r}'
    with pytest.raises(ValueError, match=message):
        dataset_of(recording[0], **option)
