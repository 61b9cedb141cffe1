"""Datasets, registered in MMPose's registry."""

from .body import CheckedCocoDataset, CheckedMpiiDataset
from .lifting import PoseSequenceDataset
from .multiview import H36MMultiViewDataset, MultiViewFolderDataset, SkiPoseDataset

__all__ = [
    'CheckedCocoDataset',
    'CheckedMpiiDataset',
    'H36MMultiViewDataset',
    'MultiViewFolderDataset',
    'PoseSequenceDataset',
    'SkiPoseDataset',
]
