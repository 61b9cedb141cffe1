"""Datasets of which several samples are one instant, seen by several cameras."""

from .folder import MultiViewFolderDataset
from .h36m import H36MMultiViewDataset
from .skipose import SkiPoseDataset

__all__ = ['H36MMultiViewDataset', 'MultiViewFolderDataset', 'SkiPoseDataset']
