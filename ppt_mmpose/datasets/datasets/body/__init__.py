"""Datasets of whole bodies.

The name of this folder is MMPose's, and has a meaning: the inferencers take the default
detector from it.
"""

from .checked import CheckedCocoDataset, CheckedMpiiDataset

__all__ = ['CheckedCocoDataset', 'CheckedMpiiDataset']
