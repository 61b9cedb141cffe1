"""Datasets, registered in MMPose's registry."""

from .checked import CheckedCocoDataset, CheckedMpiiDataset

__all__ = ['CheckedCocoDataset', 'CheckedMpiiDataset']
