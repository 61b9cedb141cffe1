"""Made-up cameras around the origin."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from ppt_mmpose.calibration import Calibration
from ppt_mmpose.geometry import Cameras


def _ring(count=4, distortion=(), skew=0.0, size=(1000, 800), radius=4.0):
    """Cameras that look at the point (0, 0, 1) from all sides, 1.5 m up; metres."""
    rotations, translations = [], []
    for angle in 2 * np.pi * np.arange(count) / count + 0.3:
        centre = np.array([radius * np.cos(angle), radius * np.sin(angle), 1.5])
        forward = np.array([0, 0, 1]) - centre
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, [0, 0, 1])
        right /= np.linalg.norm(right)
        rotation = np.stack([right, np.cross(forward, right), forward])
        rotations.append(rotation)
        translations.append(-rotation @ centre)
    matrix = np.array([[900, skew, 510.25], [0, 905.5, 395.125], [0, 0, 1]])
    cameras = Cameras(
        torch.tensor(np.array([matrix] * count)),
        torch.tensor(np.array(rotations)),
        torch.tensor(np.array(translations)),
        torch.tensor([list(distortion)] * count, dtype=torch.float64),
    )
    names = tuple(f'cam{index}' for index in range(count))
    return Calibration(names, cameras, (size,) * count)


def _with_poses(calibration, rotation=None, translation=None):
    """The same cameras elsewhere."""
    changes = dict(rotation=rotation, translation=translation)
    cameras = replace(
        calibration.cameras,
        **{name: value for name, value in changes.items() if value is not None},
    )
    return replace(calibration, cameras=cameras)


def _expect_equal(got, wanted, *, sizes=True):
    """Names and image sizes the same, numbers to 1e-9."""
    assert got.names == wanted.names
    if sizes:
        assert got.image_sizes == wanted.image_sizes
    for field in ('intrinsics', 'rotation', 'translation', 'distortion'):
        torch.testing.assert_close(
            getattr(got.cameras, field),
            getattr(wanted.cameras, field),
            rtol=0,
            atol=1e-9,
            msg=lambda text, field=field: f'{field}: {text}',
        )


def _person(instants=20):
    """Keypoints (T, J, 3) of a person of 1.7 m who walks about, metres."""
    rng = np.random.default_rng(0)
    shape = rng.uniform([-0.3, -0.2, 0], [0.3, 0.2, 1.7], (12, 3))
    shape[0, 2], shape[1, 2] = 0, 1.7
    return shape + np.concatenate(
        [rng.uniform(-0.5, 0.5, (instants, 1, 2)), np.zeros((instants, 1, 1))], axis=-1
    )


def _seen(calibration, points):
    """Keypoints (T, V, J, 2) with half a pixel of noise."""
    pixels = calibration.cameras.project(torch.from_numpy(points)).pixels.numpy()
    return pixels + np.random.default_rng(1).normal(0, 0.5, pixels.shape)


@pytest.fixture
def made_up():
    return SimpleNamespace(
        ring=_ring,
        with_poses=_with_poses,
        expect_equal=_expect_equal,
        person=_person,
        seen=_seen,
    )
