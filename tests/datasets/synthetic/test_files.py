import json
import time
from pathlib import Path

import numpy as np
import pytest
from mmengine.registry import init_default_scope
from mmpose.registry import DATASETS
from xtcocotools.coco import COCO

from ppt_mmpose.datasets.synthetic import make_dataset, picture
from ppt_mmpose.datasets.synthetic.files import EDITION
from ppt_mmpose.datasets.synthetic.scene import random_shot
from ppt_mmpose.datasets.synthetic.solids import Cone
from ppt_mmpose.evaluation import mean_pose_ap

SMALL = dict(train=12, val=6, size=(96, 128))


def contents(folder):
    files = (path for path in folder.rglob('*') if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_other_pictures_are_another_edition():
    # Change both: a set that was drawn before must not be taken for today's.
    scene, _ = random_shot(np.random.default_rng(0), (144, 192))
    keypoints = scene.bodies[0].keypoints.mean()
    cones = [solid for solid in scene.solids if isinstance(solid, Cone)]
    thickness = sum(cone.start_radius + cone.end_radius for cone in cones)
    assert EDITION == 2
    assert (len(scene.solids), len(cones)) == (36, 17)
    assert (keypoints, thickness) == pytest.approx((0.266, 2.21612), abs=1e-4)


def test_the_same_seed_gives_the_same_bytes_however_many_draw(tmp_path):
    make_dataset(str(tmp_path / 'one'), seed=3, **SMALL)
    make_dataset(str(tmp_path / 'two'), seed=3, workers=2, **SMALL)
    make_dataset(str(tmp_path / 'other'), seed=4, **SMALL)
    one, two, other = (contents(tmp_path / name) for name in ('one', 'two', 'other'))
    assert len(one) == 12 + 6 + 2
    assert one == two
    assert not any(one[name] == other[name] for name in one)


def test_training_and_evaluation_share_no_picture():
    train, val = (picture(0, stream, 1, (96, 128))[0] for stream in (0, 1))
    assert (train != val).mean() > 0.5


def test_labels_are_what_xtcocotools_and_mmpose_read(tmp_path):
    files = make_dataset(str(tmp_path), **SMALL)
    labels = COCO(files['train'])
    assert len(labels.imgs) == 12
    assert len(labels.anns) >= 12
    assert labels.loadCats([1])[0]['keypoints'][0] == 'nose'
    person = labels.anns[1]
    # Outlines run through the centres of the outermost pixels.
    assert 0.7 * person['area'] < labels.annToMask(person).sum() <= person['area']
    init_default_scope('mmpose')
    dataset = DATASETS.build(
        dict(
            type='CheckedCocoDataset',
            data_root=str(tmp_path),
            ann_file='annotations/person_keypoints_train.json',
            data_prefix=dict(img='train/'),
            pipeline=[dict(type='mmpose.LoadImage')],
        )
    )
    assert len(dataset) == len(labels.anns)
    sample = dataset[0]
    assert sample['img'].shape == (128, 96, 3)
    assert sample['keypoints_visible'].sum() == person['num_keypoints']


def test_a_whole_set_is_left_alone_and_an_unfinished_one_made_again(tmp_path):
    files = make_dataset(str(tmp_path), **SMALL)
    before = contents(tmp_path)
    times = {p: p.stat().st_mtime_ns for p in tmp_path.rglob('*.jpg')}
    time.sleep(0.01)
    make_dataset(str(tmp_path), **SMALL)
    assert times == {p: p.stat().st_mtime_ns for p in tmp_path.rglob('*.jpg')}
    # As if it had been killed: pictures are there, the labels are not.
    (tmp_path / 'annotations/person_keypoints_val.json').unlink()
    (tmp_path / 'val/000000000003.jpg').write_bytes(b'half')
    assert make_dataset(str(tmp_path), **SMALL) == files
    assert contents(tmp_path) == before


@pytest.mark.parametrize('text', ['{"info": {"seed": 1}}', '[]', 'not json'])
def test_another_set_is_not_overwritten(tmp_path, text):
    file = tmp_path / 'annotations' / 'person_keypoints_train.json'
    file.parent.mkdir()
    file.write_text(text)
    with pytest.raises(ValueError, match=r'person_keypoints_train\.json: expected'):
        make_dataset(str(tmp_path), **SMALL)
    assert file.read_text() == text
    assert not (tmp_path / 'train').exists()


@pytest.mark.parametrize(
    ('name', 'value'),
    [('train', 0), ('val', -1), ('seed', -1), ('size', (31, 64)), ('workers', 0)],
)
def test_numbers_out_of_range_are_named(tmp_path, name, value):
    with pytest.raises(ValueError, match=f'{name}: expected'):
        make_dataset(str(tmp_path), **{**SMALL, name: value})
    assert not list(tmp_path.iterdir())


def test_pictures_are_not_trivially_easy(tmp_path):
    files = make_dataset(str(tmp_path), train=40, val=20, size=(96, 128))
    assert mean_pose_ap(files['train'], files['val']) <= 0.1
    # The measure itself is no constant: everybody like the mean is perfect.
    content = json.loads(Path(files['val']).read_text())
    points = np.random.default_rng(0).uniform(size=(17, 2))
    for person in content['annotations']:
        x, y, width, height = person['bbox']
        placed = np.column_stack((points * (width, height) + (x, y), np.full(17, 2)))
        person.update(keypoints=placed.ravel().tolist(), num_keypoints=17)
    alike = tmp_path / 'alike.json'
    alike.write_text(json.dumps(content))
    assert mean_pose_ap(str(alike), str(alike)) == pytest.approx(1)
