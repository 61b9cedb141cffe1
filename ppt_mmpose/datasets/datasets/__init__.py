"""Datasets, registered in MMPose's registry."""

from .body import CheckedCocoDataset, CheckedMpiiDataset

__all__ = ['CheckedCocoDataset', 'CheckedMpiiDataset']
