"""Drawn views as recordings that the rest of the package reads, with exact labels."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from mmpose.registry import DATASETS

from ppt_mmpose.datasets.multiview_folder import MultiViewFolder
from ppt_mmpose.datasets.synthetic.views import Plan, hidden_shares, make_views
from ppt_mmpose.evaluation.view_groups import SAMPLE_KEYS
from ppt_mmpose.geometry import Cameras, triangulate

PLAN = Plan(layout='lab', cameras=3, size=96, lens=True, seed=2)
FEW = dict(train=3, val=2)


@pytest.fixture(scope='module')
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp('views')
    return make_views(str(folder), PLAN, **FEW)


def contents(folder):
    files = (path for path in Path(folder).rglob('*') if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def labels_2d(recording):
    """Keypoints as COCO has them, ``(T, V, J, 3)``."""
    people = recording.keypoints_2d['annotations']
    views = len(recording.calibration)
    points = np.array([person['keypoints'] for person in people])
    return points.reshape(-1, views, 17, 3)


def test_recordings_are_whole(drawn):
    assert drawn['train'].describe().splitlines() == [
        '3 cameras: cam0, cam1, cam2',
        '3 instants as images: 000000 to 000002',
        'keypoints_2d.json: 9 images, people: 9',
        'keypoints_3d.npz: 17 keypoints of 3 instants',
    ]
    assert len(drawn['val'].instants) == 2
    assert drawn['train'].path.name == 'train'
    # Nothing is left of the making.
    assert {p.name for p in drawn['val'].path.parent.iterdir()} == {'train', 'val'}


def test_the_calibration_is_the_plans(drawn):
    found, expected = drawn['train'].calibration, PLAN.calibration()
    assert found.image_sizes == expected.image_sizes
    for name in ('intrinsics', 'rotation', 'translation', 'distortion'):
        torch.testing.assert_close(
            getattr(found.cameras, name), getattr(expected.cameras, name)
        )


def test_2d_labels_are_where_the_cameras_project_the_3d_labels(drawn):
    for recording in drawn.values():
        world = torch.from_numpy(recording.keypoints_3d.keypoints)
        expected = recording.calibration.cameras.project(world).pixels.numpy()
        found = labels_2d(recording)
        inside = found[..., 2] > 0
        assert inside.mean() > 0.95
        assert set(np.unique(found[..., 2])) >= {1, 2}
        np.testing.assert_allclose(found[inside][:, :2], expected[inside], atol=1e-5)
        assert recording.keypoints_3d.visible.all()
        assert 0 <= world[..., 2].min() < 0.3
        assert world[..., 2].max() < 3


@pytest.mark.parametrize('method', ['linear', 'robust'])
def test_what_the_views_see_triangulates_to_the_3d_labels(drawn, method):
    for recording in drawn.values():
        found = torch.from_numpy(labels_2d(recording))
        scores = (found[..., 2] == 2).double()
        result = triangulate(
            recording.calibration.cameras, found[..., :2], scores, method=method
        )
        enough = (scores.sum(1) >= 2).numpy()
        assert enough.mean() > 0.7
        expected = recording.keypoints_3d.keypoints
        np.testing.assert_allclose(
            result.points.numpy()[enough], expected[enough], atol=1e-6
        )


def test_training_reads_them(drawn):
    pipeline = [
        dict(type='LoadImage'),
        dict(type='GetBBoxCenterScale'),
        dict(type='TopdownAffine', input_size=(48, 64)),
        dict(type='PackPoseInputs', meta_keys=('id', *SAMPLE_KEYS)),
    ]
    root = str(drawn['train'].path)
    make = dict(type='MultiViewFolderDataset', data_root=root)
    dataset = DATASETS.build(make)
    assert len(dataset) == 9
    assert [sample['view_id'] for sample in dataset] == [0, 1, 2] * 3
    for sample in dataset:
        camera = {k: v for k, v in sample['camera'].items() if k != 'image_size'}
        one = Cameras(**{k: torch.from_numpy(v)[None] for k, v in camera.items()})
        world = torch.from_numpy(sample['keypoints_3d_world'])
        inside = sample['keypoints_visible'][0] > 0
        pixels = one.project(world).pixels.numpy()[0]
        np.testing.assert_allclose(
            pixels[inside], sample['keypoints'][0][inside], atol=1e-3
        )
    packed = DATASETS.build(make | dict(pipeline=pipeline))[4]
    assert packed['inputs'].shape == (3, 64, 48)
    assert packed['data_samples'].metainfo['view_id'] == 1


def test_the_same_plan_gives_the_same_bytes_however_many_draw(drawn, tmp_path):
    make_views(str(tmp_path), PLAN, workers=2, **FEW)
    expected = contents(drawn['train'].path.parent)
    assert len(expected) == 3 * 5 + 2 * 3
    assert contents(tmp_path) == expected


def test_evaluation_has_other_people_and_may_have_the_same_cameras(drawn, tmp_path):
    def centres(recordings):
        return [r.calibration.cameras.centres for r in recordings.values()]

    train, val = centres(drawn)
    assert (train - val).abs().max() > 0.1
    recordings = make_views(str(tmp_path), PLAN, train=1, val=1, same_cameras=True)
    train, val = centres(recordings)
    torch.testing.assert_close(train, val, rtol=0, atol=0)
    poses = [r.keypoints_3d.keypoints for r in recordings.values()]
    assert np.abs(poses[0] - poses[1]).max() > 0.05


def test_what_is_there_is_left_alone_and_never_changed(drawn, tmp_path):
    root = drawn['train'].path.parent
    before = contents(root)
    times = {p: p.stat().st_mtime_ns for p in root.rglob('*')}
    make_views(str(root), PLAN, **FEW)
    assert {p: p.stat().st_mtime_ns for p in root.rglob('*')} == times
    with pytest.raises(ValueError, match=r'keypoints_2d\.json: expected the labels of'):
        make_views(str(root), PLAN, train=4, val=2)
    assert contents(root) == before
    (tmp_path / 'train').mkdir()
    (tmp_path / 'train' / 'mine.txt').write_text('mine')
    with pytest.raises(ValueError, match=r'train: expected drawn views, or nothing'):
        make_views(str(tmp_path), PLAN, **FEW)
    assert contents(tmp_path) == {'train/mine.txt': b'mine'}


def test_an_interrupted_drawing_leaves_nothing(tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr('ppt_mmpose.datasets.synthetic.views.folders.np.savez', fail)
    with pytest.raises(KeyboardInterrupt):
        make_views(str(tmp_path), PLAN, train=1, val=1)
    assert list(tmp_path.iterdir()) == []


def test_how_much_is_hidden_is_counted_by_camera(drawn, tmp_path):
    source = drawn['val'].path
    for file in source.rglob('*'):
        if file.is_file():
            copy = tmp_path / file.relative_to(source)
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(file.read_bytes())
    content = json.loads((tmp_path / 'keypoints_2d.json').read_text())
    for number, person in enumerate(content['annotations']):
        view = number % 3
        # Of the five keypoints in an image 0, 1 and 2 are hidden.
        flags = [1] * view + [2] * (5 - view) + [0] * 12
        person['keypoints'] = (
            np.column_stack((np.zeros((17, 2)), flags)).ravel().tolist()
        )
        person['num_obstructed'] = int(view == 2)
    (tmp_path / 'keypoints_2d.json').write_text(json.dumps(content))
    assert hidden_shares(MultiViewFolder(tmp_path)) == dict(
        cam0=(0.0, 0.0), cam1=(0.2, 0.0), cam2=(0.4, 0.2)
    )
    del content['annotations'][4]['num_obstructed']
    (tmp_path / 'keypoints_2d.json').write_text(json.dumps(content))
    with pytest.raises(ValueError, match=r'json: expected drawn views, got anno'):
        hidden_shares(MultiViewFolder(tmp_path))
    (tmp_path / 'keypoints_2d.json').unlink()
    with pytest.raises(ValueError, match=r'expected keypoints_2d\.json, got none$'):
        hidden_shares(MultiViewFolder(tmp_path))


@pytest.mark.parametrize('name', ['train', 'val', 'workers'])
def test_numbers_out_of_range_are_named(tmp_path, name):
    with pytest.raises(ValueError, match=f'^{name}: expected 1 or more, got 0$'):
        make_views(str(tmp_path), PLAN, **{**FEW, name: 0})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize('name', ['stream', 'rig'])
def test_streams_are_the_makers_own(tmp_path, name):
    with pytest.raises(ValueError, match=rf'^plan\.{name}: expected 0, got 1$'):
        make_views(str(tmp_path), Plan(**{name: 1}), **FEW)
