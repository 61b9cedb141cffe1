import json

import cv2
import numpy as np
import pytest
from mmpose.registry import DATASETS


@pytest.fixture
def folder(tmp_path):
    """One image with one person of 17 keypoints, as COCO writes it."""
    image = np.random.RandomState(0).randint(0, 255, (60, 80, 3), dtype=np.uint8)
    cv2.imwrite(str(tmp_path / 'a.jpg'), image)
    write(tmp_path)
    return tmp_path


def write(folder, keypoints=17, annotations=True):
    person = dict(
        id=7,
        image_id=1,
        category_id=1,
        iscrowd=0,
        area=900,
        bbox=[10, 10, 30, 30],
        num_keypoints=keypoints,
        keypoints=[20, 20, 2] * keypoints,
    )
    content = dict(
        images=[dict(id=1, file_name='a.jpg', width=80, height=60)],
        categories=[dict(id=1, name='person')],
        annotations=[person] if annotations else [],
    )
    (folder / 'a.json').write_text(json.dumps(content))


def dataset_of(folder):
    return DATASETS.build(
        dict(
            type='CheckedCocoDataset',
            data_root=str(folder),
            data_mode='topdown',
            ann_file='a.json',
            pipeline=[dict(type='LoadWholeImage')],
        )
    )


def test_reads_as_mmpose_does(folder):
    sample = dataset_of(folder)[0]
    assert sample['keypoints'].shape == (1, 17, 2)
    # OpenCV and Pillow decode the same pixels, in the same order of channels.
    expected = cv2.imread(str(folder / 'a.jpg'))
    assert np.abs(sample['img'].astype(int) - expected).max() <= 2


def test_missing_image(folder):
    (folder / 'a.jpg').unlink()
    with pytest.raises(FileNotFoundError, match=r'a\.jpg'):
        dataset_of(folder)[0]


def test_truncated_jpeg(folder):
    content = (folder / 'a.jpg').read_bytes()
    (folder / 'a.jpg').write_bytes(content[: len(content) // 2])
    with pytest.raises(OSError, match=r'truncated.*a\.jpg'):
        dataset_of(folder)[0]


def test_empty_annotation_file(folder):
    (folder / 'a.json').write_text('')
    with pytest.raises(ValueError, match=r"ann_file '.*a\.json': .* JSONDecodeError"):
        dataset_of(folder)


def test_annotation_file_of_something_else(folder):
    (folder / 'a.json').write_text('{"images": [{"id": 1}], "annotations": []}')
    with pytest.raises(ValueError, match=r"ann_file '.*a\.json': expected"):
        dataset_of(folder)


def test_a_list_of_something(folder):
    (folder / 'a.json').write_text('[1, 2]')
    with pytest.raises(ValueError, match=r"ann_file '.*a\.json': expected .*list"):
        dataset_of(folder)


def test_no_person_at_all(folder):
    write(folder, annotations=False)
    with pytest.raises(ValueError, match=r'a\.json.: expected at least one person'):
        dataset_of(folder)


def test_another_number_of_keypoints(folder):
    write(folder, keypoints=14)
    message = r'a\.json.: expected 17 keypoints .*\(coco\), got 14 .* id 0'
    with pytest.raises(ValueError, match=message.replace('id 0', 'id 7')):
        dataset_of(folder)


def test_keypoints_that_are_no_triples(folder):
    content = json.loads((folder / 'a.json').read_text())
    content['annotations'][0]['keypoints'].pop()
    (folder / 'a.json').write_text(json.dumps(content))
    with pytest.raises(ValueError, match=r'a\.json.: expected .* reshape'):
        dataset_of(folder)


def test_mpii_with_another_number_of_keypoints(tmp_path):
    person = dict(
        image='1.jpg', center=[5, 5], scale=1, joints=[[1, 1]] * 4, joints_vis=[1] * 4
    )
    (tmp_path / 'a.json').write_text(json.dumps([person]))
    cfg = dict(type='CheckedMpiiDataset', data_root=str(tmp_path), ann_file='a.json')
    with pytest.raises(ValueError, match=r'expected 16 keypoints .*\(mpii\), got 4'):
        DATASETS.build(cfg)
