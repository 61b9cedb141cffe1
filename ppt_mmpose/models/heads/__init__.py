"""Heads: keypoint tokens in, heatmaps out; or tokens of frames in, 3D joints out."""

from .pose_sequence_head import PoseSequenceHead
from .tokenpose_head import TokenPoseHead

__all__ = ['PoseSequenceHead', 'TokenPoseHead']
