"""Real cameras, where the samples are there."""

import json

import numpy as np
import pytest
import torch

from ppt_mmpose.calibration import read_calibration


@pytest.fixture
def h36m_cameras(mmpose_sample):
    """44 cameras."""
    return read_calibration(mmpose_sample / 'h36m' / 'cameras.pkl').cameras


@pytest.fixture
def six_view(shared_data):
    """Six cameras, and detections (6, 17, 3) of one person: x, y, score."""
    folder = shared_data / 'six_view'
    calibration = read_calibration(folder / '3DOH50K_Parameters.txt')
    found = []
    for view in range(6):
        (path,) = (folder / 'keypoints' / '0000' / f'Camera{view:02d}').glob('*.json')
        person = json.loads(path.read_text())['people'][0]['pose_keypoints_2d']
        found.append(np.reshape(person, (17, 3)))
    return calibration.cameras, torch.from_numpy(np.stack(found))
