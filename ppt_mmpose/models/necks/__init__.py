"""Necks: a feature map in, keypoint tokens out."""

from .tokenpose_neck import TokenPoseNeck

__all__ = ['TokenPoseNeck']
