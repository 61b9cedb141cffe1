import json

import numpy as np
import pytest
import torch
from mmpose.registry import DATASETS
from small_views import SIZE, calibration, write_images, write_video

from ppt_mmpose.calibration import write_calibration
from ppt_mmpose.datasets.multiview_folder import MultiViewFolder

TWO = calibration('left', 'right')


@pytest.fixture
def images(tmp_path):
    write_calibration(TWO, tmp_path / 'calibration.toml', format='anipose')
    write_images(tmp_path / 'right', {'8': 10, '10': 20}, suffix='.jpg')
    write_images(tmp_path / 'left', {'9': 30, '10': 40}, suffix='.jpg')
    return tmp_path


@pytest.fixture
def videos(tmp_path):
    write_calibration(TWO, tmp_path / 'Calib_scene.toml', format='pose2sim')
    write_video(tmp_path / 'right.mp4', [10, 20])
    write_video(tmp_path / 'left.avi', [30, 40])
    return tmp_path


def message(pattern):
    return pytest.raises(ValueError, match=pattern)


def test_images(images):
    (images / 'results').mkdir()
    (images / 'results' / 'motion.csv').write_text('no view')
    (images / 'setup.jpg').write_text('belongs to no view')
    (images / '.cache').mkdir()
    write_images(images / '.cache', {'1': 10})
    folder = MultiViewFolder(str(images))
    assert folder.calibration.names == ('left', 'right')
    assert folder.calibration.image_sizes == (SIZE, SIZE)
    translation = folder.calibration.cameras.translation
    assert torch.allclose(translation, TWO.cameras.translation)
    assert folder.instants == ('8', '9', '10')
    assert (folder.videos, folder.rate) == ({}, None)
    assert folder.images('8') == {'left': None, 'right': images / 'right' / '8.jpg'}
    assert list(folder.images('10').values()) == [
        images / 'left' / '10.jpg',
        images / 'right' / '10.jpg',
    ]
    assert (folder.keypoints_2d, folder.keypoints_3d) == (None, None)
    with message("expected an instant of 8 to 10, got '11'"):
        folder.images('11')
    assert folder.describe().splitlines() == [
        '2 cameras: left, right',
        '3 instants as images: 8 to 10',
        'left lacks 1 of them',
        'right lacks 1 of them',
    ]


def test_videos(videos):
    folder = MultiViewFolder(videos)
    assert list(folder.videos.items()) == [
        ('left', videos / 'left.avi'),
        ('right', videos / 'right.mp4'),
    ]
    assert folder.instants == ('000000', '000001')
    assert folder.rate == 25
    with message('expected folders of images, got videos'):
        folder.images('000000')
    assert folder.describe().splitlines()[1:] == [
        '2 instants as videos: 000000 to 000001'
    ]


def test_another_calibration_is_taken_when_given(images):
    other = calibration('right', 'left')
    (images / 'calibration.toml').unlink()
    folder = MultiViewFolder(images, calibration=other)
    assert folder.calibration is other
    assert list(folder.images('10')) == ['right', 'left']


def test_a_calibration_may_be_a_folder(images):
    (images / 'calibration.toml').unlink()
    write_calibration(TWO, images / 'calibration', format='easymocap')
    assert MultiViewFolder(images).calibration.names == ('left', 'right')


def test_one_calibration_is_needed(images):
    (images / 'calibration.json').write_text('')
    with message(r'begins with calib, .* got calibration\.json, calibration\.toml$'):
        MultiViewFolder(images)
    for path in images.glob('calib*'):
        path.unlink()
    with message('begins with calib, as calibration.toml, got none$'):
        MultiViewFolder(images)
    with message('absent: expected a folder, got none'):
        MultiViewFolder(images / 'absent')


def test_views_are_the_cameras_of_the_calibration(images):
    write_images(images / 'up', {'10': 10})
    with message("of the calibration, left, right, got 'up'$"):
        MultiViewFolder(images)
    (images / 'up').rename(images / '.up')
    (images / 'left').rename(images / '.left')
    (images / 'left').mkdir()
    with message('of each camera of the calibration, got none of left$'):
        MultiViewFolder(images)
    write_video(images / 'left.mp4', [10])
    with message('got folders of right and videos of left$'):
        MultiViewFolder(images)


def test_names_that_no_two_views_share(images):
    (images / 'left' / '10.jpg').unlink()
    with message('got no name that two views share'):
        _ = MultiViewFolder(images).instants


def test_unknown_videos_and_two_of_one_camera(videos):
    write_video(videos / 'up.mp4', [10])
    with message("of the calibration, left, right, got 'up'$"):
        MultiViewFolder(videos)
    (videos / 'up.mp4').rename(videos / 'left.mp4')
    with message(r'left\.mp4: expected one .* of this name, got left\.avi as well'):
        MultiViewFolder(videos)


def test_videos_are_as_long_and_as_fast_as_each_other(videos):
    write_video(videos / 'right.mp4', [10, 20, 30])
    with message('as many frames in each, but left has 2, right has 3$'):
        MultiViewFolder(videos)
    write_video(videos / 'right.mp4', [10, 20], rate=50)
    with message('left has 25 frames a second and right has 50$'):
        MultiViewFolder(videos)


def coco(*file_names):
    images = [
        dict(id=number, file_name=name, width=64, height=48)
        for number, name in enumerate(file_names)
    ]
    person = dict(
        id=1,
        image_id=0,
        category_id=1,
        bbox=[1, 2, 30, 40],
        area=1200,
        iscrowd=0,
        num_keypoints=17,
        keypoints=[5, 6, 2] * 17,
    )
    return dict(
        images=images,
        annotations=[person],
        categories=[dict(id=1, name='person', keypoints=[], skeleton=[])],
    )


def test_keypoints_2d_are_what_a_coco_dataset_reads(images):
    content = coco('left/10.jpg', 'right/8.jpg')
    (images / 'keypoints_2d.json').write_text(json.dumps(content))
    folder = MultiViewFolder(images)
    assert folder.keypoints_2d == content
    assert folder.describe().endswith('keypoints_2d.json: 2 images, people: 1')
    dataset = DATASETS.build(
        dict(
            type='CocoDataset',
            data_root=str(images),
            ann_file='keypoints_2d.json',
            data_prefix=dict(img=''),
            pipeline=[dict(type='LoadImage')],
        )
    )
    assert dataset[0]['img'].shape == (48, 64, 3)
    assert dataset[0]['keypoints'][0, 3].tolist() == [5, 6]


@pytest.mark.parametrize(
    ('content', 'expected'),
    [
        ('no json', 'json: expected json, got'),
        ('[]', "with a list 'images', got NoneType"),
        ('{"images": [], "annotations": 3}', "with a list 'annotations', got int"),
        (
            coco('left/10.jpg', 'up/10.jpg'),
            r'images\[1\]\.file_name: expected <camera>/<instant>\.jpg with a '
            "camera of left, right, got 'up/10.jpg'",
        ),
        (coco('left/deeper/10.jpg'), r'images\[0\]\.file_name: expected <camera>/'),
        (coco('10.jpg'), r'images\[0\]\.file_name: expected .* got .10\.jpg'),
        (
            coco('left/11.jpg'),
            "images: expected instants of the recording, as 8, got '11'",
        ),
    ],
)
def test_keypoints_2d_that_are_wrong_are_named(images, content, expected):
    text = content if isinstance(content, str) else json.dumps(content)
    (images / 'keypoints_2d.json').write_text(text)
    with message(f'keypoints_2d.*{expected}'):
        _ = MultiViewFolder(images).keypoints_2d


def labels(**changed):
    keypoints = np.arange(12.0).reshape(2, 2, 3)
    keypoints[1, 1] = np.nan
    arrays = dict(
        names=['8', '10'],
        keypoints=keypoints,
        visible=np.array([[1, 1], [1, 0]]),
        keypoint_names=['nose', 'neck'],
    )
    return {
        key: value for key, value in {**arrays, **changed}.items() if value is not None
    }


def test_keypoints_3d(images):
    np.savez(images / 'keypoints_3d.npz', **labels())
    folder = MultiViewFolder(images)
    read = folder.keypoints_3d
    assert (read.names, read.keypoint_names) == (('8', '10'), ('nose', 'neck'))
    assert read.visible.tolist() == [[True, True], [True, False]]
    assert read.keypoints[1, 0].tolist() == [6, 7, 8]
    assert folder.describe().endswith('keypoints_3d.npz: 2 keypoints of 2 instants')


@pytest.mark.parametrize(
    ('changed', 'expected'),
    [
        (dict(visible=None), 'the arrays names, .* got none of the name visible'),
        (dict(names=np.array(['8', 9], object)), 'without objects, got ValueError'),
        (
            dict(names=np.array([8, 10])),
            r'names: expected one row of texts, .*\(2,\) of',
        ),
        (dict(names=['8', '8']), "names: expected each once, got '8' twice"),
        (dict(names=['8', '11']), "names: expected instants .* as 8, got '11'"),
        (
            dict(keypoints=np.zeros((2, 3, 3))),
            r'keypoints: expected the shape \(2, 2, 3\) of 2 names and 2 keypoint '
            r'names, got \(2, 3, 3\)',
        ),
        (dict(visible=np.ones(2)), r'visible: expected the shape \(2, 2\).*got \(2,\)'),
        (dict(visible=np.array(['a'])), 'visible: expected numbers, got <U1'),
        (
            dict(visible=np.ones((2, 2))),
            r"where visible, got \[nan, nan, nan\] for 'neck' of instant '10'",
        ),
    ],
)
def test_keypoints_3d_that_are_wrong_are_named(images, changed, expected):
    np.savez(images / 'keypoints_3d.npz', **labels(**changed))
    with message(rf'keypoints_3d\.npz: .*{expected}'):
        _ = MultiViewFolder(images).keypoints_3d


@pytest.mark.parametrize('content', [b'', b'no archive', b'PK\x03\x04 cut off'])
def test_files_that_hold_no_arrays_are_named(images, content):
    (images / 'keypoints_3d.npz').write_bytes(content)
    with message(r'keypoints_3d\.npz: expected arrays as np\.savez writes them'):
        _ = MultiViewFolder(images).keypoints_3d
