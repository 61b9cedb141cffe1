import numpy as np
import pytest
import torch
from ring_recording import ring

pytest.importorskip('gradio')

from ppt_mmpose.calibration import Calibration
from ppt_mmpose.geometry import Cameras
from ppt_mmpose.web.up_guess import upright


def test_cameras_that_are_held_upright_tell_what_is_up():
    assert upright(ring(4)) == '+z'
    assert upright(ring(4).select(['cam1', 'cam2'])) == '+z'


@pytest.mark.parametrize(
    ('turn', 'up'),
    [
        (np.diag([1, 1, 1]), '+z'),
        (np.diag([1, -1, -1]), '-z'),
        ([[1, 0, 0], [0, 0, -1], [0, 1, 0]], '-y'),
    ],
)
def test_whatever_the_world_calls_it(turn, up):
    known = ring(3)
    turn = torch.as_tensor(np.array(turn, float))
    cameras = Cameras(
        known.cameras.intrinsics,
        known.cameras.rotation @ turn.T,
        known.cameras.translation,
        known.cameras.distortion,
    )
    assert upright(Calibration(known.names, cameras, known.image_sizes)) == up
