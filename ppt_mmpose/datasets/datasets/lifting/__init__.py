"""Datasets of 2D keypoints and the 3D poses that they are lifted to."""

from .pose_sequence import PoseSequenceDataset

__all__ = ['PoseSequenceDataset']
