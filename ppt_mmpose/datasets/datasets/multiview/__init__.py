"""Datasets of which several samples are one instant, seen by several cameras."""

from .folder import MultiViewFolderDataset

__all__ = ['MultiViewFolderDataset']
