"""Data: datasets, transforms, samplers and the synthetic data maker."""

from .datasets import (
    CheckedCocoDataset,
    CheckedMpiiDataset,
    H36MMultiViewDataset,
    MultiViewFolderDataset,
    PoseSequenceDataset,
    SkiPoseDataset,
)
from .samplers import GroupBatchSampler, GroupSampler
from .transforms import LoadWholeImage, RandomMirror

__all__ = [
    'CheckedCocoDataset',
    'CheckedMpiiDataset',
    'GroupBatchSampler',
    'GroupSampler',
    'H36MMultiViewDataset',
    'LoadWholeImage',
    'MultiViewFolderDataset',
    'PoseSequenceDataset',
    'RandomMirror',
    'SkiPoseDataset',
]
