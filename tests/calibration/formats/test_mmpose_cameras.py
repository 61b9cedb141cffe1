import json

import numpy as np
import pytest
from mmpose.utils import SimpleCamera

from ppt_mmpose.calibration import read_calibration, write_calibration


@pytest.mark.parametrize('size', [(1000, 800), None])
def test_round_trip(tmp_path, made_up, size):
    ring = made_up.ring(distortion=(-0.2, 0.1, 0.01, -0.02, 0.3), size=size)
    path = tmp_path / 'cameras.json'
    write_calibration(ring, path, format='mmpose')
    made_up.expect_equal(read_calibration(path), ring)


def test_mmpose_takes_what_is_written(tmp_path, made_up):
    ring = made_up.ring(distortion=(-0.02, 0.01, 0.001, -0.002, 0.003))
    path = tmp_path / 'cameras.json'
    write_calibration(ring, path, format='mmpose')
    points = np.array([[0.2, 0.1, 1.2], [-0.3, 0.4, 0.5]])
    ours = ring.cameras.project(ring.cameras.centres.new_tensor(points)).pixels
    for values, pixels in zip(json.loads(path.read_text()).values(), ours):
        theirs = SimpleCamera(values).world_to_pixel(points.copy())
        np.testing.assert_allclose(pixels.numpy(), theirs, atol=1e-3)


def test_what_it_cannot_hold(tmp_path, made_up):
    path = tmp_path / 'cameras.json'
    with pytest.raises(ValueError, match="skew of camera 'cam0': expected 0"):
        write_calibration(made_up.ring(skew=1), path, format='mmpose')
    with pytest.raises(ValueError, match='got s1 = 0.08, s2 = 0.09'):
        write_calibration(
            made_up.ring(distortion=np.arange(10) / 100), path, format='mmpose'
        )
