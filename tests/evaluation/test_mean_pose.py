import json
from pathlib import Path

import pytest

from ppt_mmpose.evaluation import mean_pose_ap


def labels(path, keypoints):
    person = dict(
        id=1, image_id=1, category_id=1, iscrowd=0, area=900, bbox=[10, 20, 30, 60],
        num_keypoints=17, keypoints=keypoints,
    )  # fmt: skip
    content = dict(
        images=[dict(id=1, file_name='1.jpg', width=99, height=99)],
        annotations=[person, dict(person, id=2, bbox=[0, 0, 60, 120])],
        categories=[dict(id=1, name='person')],
    )
    path.write_text(json.dumps(content))
    return str(path)


def test_a_keypoint_without_any_label_is_named(tmp_path):
    file = labels(tmp_path / 'labels.json', [15, 30, 2] * 16 + [0, 0, 0])
    with pytest.raises(ValueError, match=r'labels\.json: .* got none of \[16\]'):
        mean_pose_ap(file, file)


def test_the_mean_is_taken_within_the_boxes(tmp_path):
    # (25, 50) is the middle of the first box, and of the second (30, 60) would be.
    train = labels(tmp_path / 'train.json', [25, 50, 2] * 17)
    content = json.loads(Path(train).read_text())
    content['annotations'][1]['keypoints'] = [30, 60, 2] * 17
    (tmp_path / 'val.json').write_text(json.dumps(content))
    content['annotations'] = content['annotations'][1:]
    (tmp_path / 'train.json').write_text(json.dumps(content))
    assert mean_pose_ap(train, str(tmp_path / 'val.json')) == pytest.approx(1)
