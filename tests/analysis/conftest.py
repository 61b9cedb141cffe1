"""A model of MMPose's that has none of our parts."""

import pytest

RESNET = """
codec = dict(type='MSRAHeatmap', input_size=(64, 96), heatmap_size=(16, 24), sigma=2)
model = dict(
    type='TopdownPoseEstimator',
    data_preprocessor=dict(type='PoseDataPreprocessor'),
    backbone=dict(type='ResNet', depth=18),
    head=dict(type='HeatmapHead', in_channels=512, out_channels=17, decoder=codec),
)
"""


@pytest.fixture
def resnet(tmp_path):
    path = tmp_path / 'resnet.py'
    path.write_text(RESNET)
    return path
