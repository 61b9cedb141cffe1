"""Data: datasets, transforms and the synthetic data maker, and later samplers."""

from .datasets import CheckedCocoDataset, CheckedMpiiDataset, MultiViewFolderDataset
from .transforms import LoadWholeImage, RandomMirror

__all__ = [
    'CheckedCocoDataset',
    'CheckedMpiiDataset',
    'LoadWholeImage',
    'MultiViewFolderDataset',
    'RandomMirror',
]
