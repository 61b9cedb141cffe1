import numpy as np
import pytest
import torch

from ppt_mmpose.calibration import Calibration
from ppt_mmpose.geometry import Cameras
from ppt_mmpose.visualization.multiview.camera_pyramids import camera_pyramids


@pytest.mark.parametrize('size', [(200, 100), None])
def test_by_hand(size):
    # At (1, 2, 3), looking along -x, with y down.
    rotation = torch.tensor([[0, 0, 1.0], [0, 1, 0], [-1, 0, 0]])
    inner = torch.tensor([[100, 0, 99.5], [0, 50, 49.5], [0, 0, 1]])
    centre = torch.tensor([1.0, 2, 3])
    cameras = Cameras(inner[None], rotation[None], -(rotation @ centre)[None])
    edges = camera_pyramids(Calibration(('a',), cameras, (size,)), 0.5)
    assert edges.shape == (1, 8, 2, 3)
    np.testing.assert_allclose(edges[0, :4, 0], [[1, 2, 3]] * 4)
    corners = [(0.5, 1.5, 2.5), (0.5, 1.5, 3.5), (0.5, 2.5, 3.5), (0.5, 2.5, 2.5)]
    np.testing.assert_allclose(edges[0, :4, 1], corners)
    np.testing.assert_allclose(edges[0, 4:, 0], corners)
    np.testing.assert_allclose(edges[0, 4:, 1], corners[1:] + corners[:1])
