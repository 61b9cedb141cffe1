"""Heads: keypoint tokens in, heatmaps out."""

from .tokenpose_head import TokenPoseHead

__all__ = ['TokenPoseHead']
