"""Datasets, registered in MMPose's registry."""

from .body import CheckedCocoDataset, CheckedMpiiDataset
from .multiview import MultiViewFolderDataset

__all__ = ['CheckedCocoDataset', 'CheckedMpiiDataset', 'MultiViewFolderDataset']
