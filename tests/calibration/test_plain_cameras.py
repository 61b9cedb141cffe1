import numpy as np
import ring_recording
import torch

from ppt_mmpose.calibration import camera_dicts, stacked_cameras

NAMES = ('intrinsics', 'rotation', 'translation', 'distortion')


def test_cameras_as_plain_arrays():
    calibration = ring_recording.ring(3)
    cameras = camera_dicts(calibration)
    assert [camera['image_size'] for camera in cameras] == [ring_recording.SIZE] * 3
    for view, camera in enumerate(cameras):
        for name in NAMES:
            assert isinstance(camera[name], np.ndarray)
            expected = getattr(calibration.cameras, name)[view]
            np.testing.assert_array_equal(camera[name], expected)


def test_plain_arrays_as_cameras():
    calibration = ring_recording.ring(3)
    plain = camera_dicts(calibration)
    several = stacked_cameras([plain, plain[::-1]])
    for name in NAMES:
        expected = getattr(calibration.cameras, name)
        assert torch.equal(getattr(stacked_cameras(plain), name), expected)
        both = torch.stack([expected, expected.flip(0)])
        assert torch.equal(getattr(several, name), both)
