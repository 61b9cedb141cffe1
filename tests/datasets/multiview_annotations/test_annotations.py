import numpy as np
import ring_recording

from ppt_mmpose.datasets.multiview_annotations.annotations import camera_dicts


def test_cameras_as_plain_arrays():
    calibration = ring_recording.ring(3)
    cameras = camera_dicts(calibration)
    assert [camera['image_size'] for camera in cameras] == [ring_recording.SIZE] * 3
    for view, camera in enumerate(cameras):
        for name in ('intrinsics', 'rotation', 'translation', 'distortion'):
            assert isinstance(camera[name], np.ndarray)
            expected = getattr(calibration.cameras, name)[view]
            np.testing.assert_array_equal(camera[name], expected)
