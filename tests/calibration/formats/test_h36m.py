import pickle

import cv2
import numpy as np
import pytest
import torch
from mmpose.utils import SimpleCamera

from ppt_mmpose.calibration import FORMATS, read_calibration, write_calibration


@pytest.fixture
def cameras_file(mmpose_sample):
    return mmpose_sample / 'h36m' / 'cameras.pkl'


@pytest.fixture
def points():
    """Where people of Human3.6M are, metres."""
    generator = torch.Generator().manual_seed(0)
    spread = torch.tensor([2.0, 2.0, 1.8], dtype=torch.float64)
    start = torch.tensor([-1.0, -1.0, 0.0], dtype=torch.float64)
    return torch.rand(50, 3, generator=generator, dtype=torch.float64) * spread + start


def test_all_real_cameras(cameras_file, points):
    read = read_calibration(cameras_file)
    assert len(read) == 44
    assert read.names[0] == 'S1_54138969'
    assert set(read.image_sizes) == {(1000, 1002), (1000, 1000)}
    assert read.cameras.project(points).in_front.all()


def test_projects_as_mmpose_does(cameras_file, points):
    read = read_calibration(cameras_file)
    ours = read.cameras.project(points).pixels
    raw = pickle.loads(cameras_file.read_bytes())
    for values, pixels in zip(raw.values(), ours):
        theirs = SimpleCamera(values).world_to_pixel(points.numpy().copy())
        # MMPose keeps its cameras in float32.
        np.testing.assert_allclose(pixels.numpy(), theirs, atol=5e-3)


def test_bends_as_opencv_does_and_back(cameras_file, points):
    cameras = read_calibration(cameras_file).cameras
    pixels = cameras.project(points).pixels
    straight = cameras.without_distortion().project(points).pixels
    back, found = cameras.undistort(pixels)
    assert found.all()
    assert (back - straight).abs().max() < 1e-6
    assert (cameras.distort(back) - pixels).abs().max() < 1e-6
    for view, bent in enumerate(pixels):
        theirs, _ = cv2.projectPoints(
            points.numpy(),
            cameras.rotation[view].numpy(),
            cameras.translation[view].numpy(),
            cameras.intrinsics[view].numpy(),
            cameras.distortion[view, :5].numpy(),
        )
        np.testing.assert_allclose(bent.numpy(), theirs[:, 0], atol=1e-8)


def test_one_subject(cameras_file):
    every = read_calibration(cameras_file)
    one = read_calibration(cameras_file, subject='S9')
    assert one.names == ('54138969', '55011271', '58860488', '60457274')
    same = every.select([f'S9_{name}' for name in one.names])
    assert torch.equal(one.cameras.centres, same.cameras.centres)
    with pytest.raises(ValueError, match="cameras.pkl: subject: .*S1, S10.*got 'S12'"):
        read_calibration(cameras_file, subject='S12')


# The two others hold four coefficients and two.
@pytest.mark.parametrize('name', sorted(set(FORMATS) - {'pose2sim', 'krt_text'}))
def test_every_format_holds_them(cameras_file, tmp_path, made_up, name):
    every = read_calibration(cameras_file)
    if name == 'opencv':
        # The order is that of the files.
        every = every.select(sorted(every.names))
    path = tmp_path / f'cameras{FORMATS[name].suffix}'
    write_calibration(every, path, format=name)
    made_up.expect_equal(read_calibration(path), every, sizes=name != 'voxelpose')


@pytest.mark.parametrize('name', ['pose2sim', 'krt_text'])
def test_the_others_say_so(cameras_file, tmp_path, name):
    every = read_calibration(cameras_file)
    with pytest.raises(ValueError, match="distortion of camera 'S1_54138969'"):
        write_calibration(every, tmp_path / 'a', format=name)


def written(tmp_path, document):
    path = tmp_path / 'cameras.pkl'
    path.write_bytes(pickle.dumps(document))
    return path


def test_round_trip(tmp_path, made_up):
    for distortion in ((-0.2, 0.1, 0.01, -0.02, 0.3), np.arange(8) / 10):
        ring = made_up.ring(2, distortion=distortion)
        object.__setattr__(ring, 'names', ('S1_a', 'S2_b_c'))
        path = tmp_path / 'cameras.pkl'
        write_calibration(ring, path)
        made_up.expect_equal(read_calibration(path), ring)
        assert read_calibration(path, subject='S2').names == ('b_c',)
        SimpleCamera(pickle.loads(path.read_bytes())['S1', 'a'])


def test_what_is_wrong_is_named(tmp_path, made_up):
    path = written(tmp_path, {('S1', '5'): dict(R=np.eye(3))})
    with pytest.raises(ValueError, match="cameras.pkl, camera 'S1_5': f is missing"):
        read_calibration(path)
    path = written(tmp_path, {'S1': {}})
    with pytest.raises(ValueError, match='cameras.pkl: expected a dictionary of \\(su'):
        read_calibration(path, format='h36m')
    for name in ('cam0', '_a', 'S1_'):
        ring = made_up.ring(1)
        object.__setattr__(ring, 'names', (name,))
        with pytest.raises(ValueError, match=f"camera '{name}': expected SUBJECT_ID"):
            write_calibration(ring, path)
