import sys

import made_skipose
import numpy as np
import pytest
import torch

from ppt_mmpose.datasets.multiview_annotations import SkiPose
from ppt_mmpose.datasets.multiview_annotations.skipose import read_centres, read_labels
from ppt_mmpose.geometry import Cameras


def annotations_of(changes=(), centres=None):
    arrays = made_skipose.labels()[0] | dict(changes)
    return SkiPose(arrays, 'labels.h5', part='test', centres=centres)


def test_whose_view_an_entry_is():
    places = annotations_of().places
    assert len(places) == 12
    assert places[8] == ('skipose/test/seq_003/000011', 2, ())


def test_moving_cameras_see_the_labels_in_the_world():
    arrays, centres, poses = made_skipose.labels()
    annotations = SkiPose(arrays, 'labels.h5', part='test', centres=centres)
    focal = set()
    for index in range(12):
        label = annotations.label(index)
        np.testing.assert_allclose(label.world, poses[index // 6], atol=1e-9)
        camera = dict(label.camera)
        assert camera.pop('image_size') == (256, 256)
        focal.add(round(camera['intrinsics'][0, 0], 6))
        cameras = Cameras(**{k: torch.from_numpy(v)[None] for k, v in camera.items()})
        pixels = cameras.project(torch.from_numpy(poses[index // 6])).pixels[0]
        np.testing.assert_allclose(pixels.numpy(), label.keypoints, atol=1e-6)
        assert label.image == f'seq_003/cam_0{index % 6}/image_00001{index // 6}.png'
        assert label.centre.tolist() == [128, 128]
        assert label.size.tolist() == [256, 256]
        assert label.visible.all()
        assert label.meta == dict(subject=1)
    # 1.2 and 1.3 of 256 px.
    assert focal == {307.2, 332.8}


def test_without_centres_there_is_no_position_in_the_world():
    assert annotations_of().label(0).world is None


def test_arrays_of_the_other_layout():
    arrays, _, _ = made_skipose.labels()
    changes = {
        'seq': arrays['seq'][:, None],
        '2D': arrays['2D'].reshape(12, 17, 2),
        'R_cam_2_world': arrays['R_cam_2_world'].reshape(12, 3, 3),
    }
    plain, other = annotations_of().label(7), annotations_of(changes).label(7)
    np.testing.assert_array_equal(plain.keypoints, other.keypoints)
    np.testing.assert_array_equal(plain.camera['rotation'], other.camera['rotation'])


def test_a_frame_without_centre():
    _, centres, _ = made_skipose.labels()
    del centres[3, 11]
    message = 'labels.h5: expected a centre .* none of sequence 3, frame 11'
    with pytest.raises(ValueError, match=message):
        annotations_of(centres=centres)


def test_an_array_of_another_size():
    message = r'labels.h5: 2D: expected 12 rows of 34 numbers, got the shape \(12, 32\)'
    with pytest.raises(ValueError, match=message):
        annotations_of({'2D': np.zeros((12, 32))})
    message = r'3D: expected 12 rows of 51 numbers, got the shape \(51, 12\)'
    with pytest.raises(ValueError, match=message):
        annotations_of({'3D': np.zeros((51, 12))})


def test_a_camera_that_mirrors():
    rotation = made_skipose.labels()[0]['R_cam_2_world']
    annotations = annotations_of({'R_cam_2_world': -rotation})
    message = "labels.h5, entry 3, camera '3': rotation: expected the determinant 1"
    with pytest.raises(ValueError, match=message):
        annotations.label(3)


def test_centres(tmp_path):
    file = tmp_path / 'ski_centers.csv'
    file.write_text('3 10 1.5 -2 0.25\n\n4 0 7 8 9\n')
    centres = read_centres(file)
    assert {place: centre.tolist() for place, centre in centres.items()} == {
        (3, 10): [1.5, -2, 0.25],
        (4, 0): [7, 8, 9],
    }


@pytest.mark.parametrize('line', ['4,0,7,8,9', '4 0 7 8', '4 x 7 8 9'])
def test_a_wrong_line_of_centres(tmp_path, line):
    file = tmp_path / 'ski_centers.csv'
    file.write_text(f'3 10 1.5 -2 0.25\n{line}\n')
    message = f"csv, line 2: expected sequence frame x y z, got '{line}'"
    with pytest.raises(ValueError, match=message):
        read_centres(file)


def test_without_h5py(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, 'h5py', None)
    message = r'labels.h5 needs h5py: python -m pip install h5py$'
    with pytest.raises(ImportError, match=message):
        read_labels(tmp_path / 'labels.h5')


def test_arrays_of_a_file(tmp_path):
    h5py = pytest.importorskip('h5py')
    arrays, centres, _ = made_skipose.labels()
    made_skipose.write(tmp_path, arrays, centres)
    file = tmp_path / 'Ski-PosePTZ-CameraDataset-png' / 'test' / 'labels.h5'
    read = read_labels(file)
    assert list(read) == list(arrays)
    for name, values in arrays.items():
        np.testing.assert_array_equal(read[name], values)
    with h5py.File(file, 'a') as opened:
        del opened['cam']
    with pytest.raises(ValueError, match=r'labels.h5: .* got no cam$'):
        read_labels(file)
