"""Drawn sequences as files that MMPose's own dataset reads."""

import json
from pathlib import Path

import numpy as np
import pytest
from mmpose.datasets import Human36mDataset

from ppt_mmpose.datasets.synthetic.sequences import (
    SequencePlan,
    describe,
    make_sequences,
)
from ppt_mmpose.datasets.synthetic.sequences.joints import JOINTS

PLAN = SequencePlan(frames=54, cameras=2, seed=3)
FEW = dict(train=3, val=2)


@pytest.fixture(scope='module')
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp('sequences')
    make_sequences(str(root), PLAN, **FEW)
    return root


def contents(folder):
    files = (path for path in Path(folder).rglob('*') if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_files_are_plain_and_whole(made):
    names = {f'annotations/{n}.{e}' for n in FEW for e in ('npz', 'json')}
    names |= {f'detections/{n}.npy' for n in FEW} | {'cameras.json'}
    assert set(contents(made)) == names
    for name, count in FEW.items():
        rows = count * 2 * 54
        labels = np.load(made / f'annotations/{name}.npz')  # no pickles
        shapes = {key: (labels[key].shape, labels[key].dtype.kind) for key in labels}
        assert shapes == dict(
            imgname=((rows,), 'U'),
            S=((rows, 17, 4), 'f'),
            part=((rows, 17, 3), 'f'),
            center=((rows, 2), 'f'),
            scale=((rows,), 'f'),
            hidden=((rows, 17), 'b'),
            keypoint_names=((17,), 'U'),
        )
        assert np.load(made / f'detections/{name}.npy').shape == (rows, 17, 3)
        assert len(set(labels['imgname'])) == rows
        assert tuple(labels['keypoint_names']) == JOINTS


def test_sets_share_no_person(made):
    people = [
        json.loads((made / f'annotations/{name}.json').read_text())['sequences']
        for name in ('train', 'val')
    ]
    subjects = [[person['subject'] for person in of_set] for of_set in people]
    assert subjects == [['S1', 'S2', 'S3'], ['S4', 'S5']]
    statures = [person['stature'] for of_set in people for person in of_set]
    assert len(set(statures)) == 5
    names = np.load(made / 'annotations/val.npz')['imgname']
    assert names[0] == 'S4_Walking_1.C1_000001.jpg'


def test_cameras_are_by_subject_and_name(made):
    cameras = json.loads((made / 'cameras.json').read_text())
    assert list(cameras) == [f'S{s}.C{c}' for s in range(1, 6) for c in (1, 2)]
    labels = np.load(made / 'annotations/val.npz')
    for name, points, pixels in zip(labels['imgname'], labels['S'], labels['part']):
        subject, camera = name.split('_')[0], name.split('.')[1].split('_')[0]
        its = cameras[f'{subject}.{camera}']
        focal, centre = np.ravel(its['f']), np.ravel(its['c'])
        expected = focal * points[:, :2] / points[:, 2:3] + centre
        np.testing.assert_allclose(pixels[:, :2], expected, atol=2e-3)


@pytest.mark.parametrize('source', ['gt', 'detection'])
def test_mmposes_dataset_reads_them(made, source):
    dataset = Human36mDataset(
        ann_file='annotations/train.npz',
        data_root=str(made),
        seq_len=1,
        multiple_target=27,
        keypoint_2d_src=source,
        keypoint_2d_det_file='detections/train.npy',
        test_mode=True,
    )
    assert len(dataset) == 3 * 2 * 2
    labels = np.load(made / 'annotations/train.npz')
    found = np.load(made / 'detections/train.npy')
    # Its samples go by subject, action and camera, which here is the order of rows.
    for number in (0, 11):
        sample, rows = dataset[number], slice(27 * number, 27 * number + 27)
        expected = found[rows] if source == 'detection' else labels['part'][rows]
        np.testing.assert_allclose(sample['keypoints'], expected[..., :2], rtol=1e-6)
        np.testing.assert_allclose(sample['keypoints_visible'], expected[..., 2])
        np.testing.assert_array_equal(
            sample['lifting_target'], labels['S'][rows, :, :3]
        )
        assert sample['target_img_path'][0] == labels['imgname'][rows][0]


def test_the_same_plan_gives_the_same_bytes_however_many_work(made, tmp_path):
    make_sequences(str(tmp_path), PLAN, workers=2, **FEW)
    assert contents(tmp_path) == contents(made)


def test_more_sequences_begin_with_the_same_ones(made, tmp_path):
    make_sequences(str(tmp_path), PLAN, train=4, val=1)
    few, more = (np.load(root / 'annotations/train.npz') for root in (made, tmp_path))
    np.testing.assert_array_equal(more['S'][: len(few['S'])], few['S'])


def test_what_is_there_is_left_alone_and_never_changed(made):
    before = contents(made)
    times = {path: path.stat().st_mtime_ns for path in made.rglob('*')}
    make_sequences(str(made), PLAN, **FEW)
    assert {path: path.stat().st_mtime_ns for path in made.rglob('*')} == times
    with pytest.raises(ValueError, match=r'train\.json: expected the labels of'):
        make_sequences(str(made), PLAN, train=4, val=2)
    assert contents(made) == before


def test_a_set_that_is_not_whole_is_made_again(made, tmp_path):
    make_sequences(str(tmp_path), PLAN, **FEW)
    (tmp_path / 'annotations/val.json').unlink()
    (tmp_path / 'annotations/val.npz').write_bytes(b'half')
    make_sequences(str(tmp_path), PLAN, **FEW)
    assert contents(tmp_path) == contents(made)


def test_errors_of_detections_are_those_that_are_documented(tmp_path):
    plan = SequencePlan(frames=150, cameras=2)
    files = make_sequences(str(tmp_path), plan, train=16, val=1)
    labels = np.load(files['train'])
    found = np.load(tmp_path / 'detections/train.npy')
    errors = np.linalg.norm(found[..., :2] - labels['part'][..., :2], axis=-1)
    # docs/drawn_sequences.md: 3.0 px and 4.7 px in images of 1000 px.
    assert 2.5 < np.median(errors) < 3.5
    assert 3.9 < errors.mean() < 5.5
    assert 0.08 < labels['hidden'].mean() < 0.2
    said = describe(files['train'])
    assert said.startswith(
        f'4800 frames; detections are off by {np.median(errors):.1f}'
    )


@pytest.mark.parametrize('name', ['train', 'val', 'workers'])
def test_numbers_out_of_range_are_named(tmp_path, name):
    with pytest.raises(ValueError, match=f'^{name}: expected 1 or more, got 0$'):
        make_sequences(str(tmp_path), PLAN, **{**FEW, name: 0})
    assert not list(tmp_path.iterdir())


def test_the_stream_is_the_makers_own(tmp_path):
    with pytest.raises(ValueError, match=r'^plan\.stream: expected 0, got 1$'):
        make_sequences(str(tmp_path), SequencePlan(stream=1), **FEW)
