"""Necks: a feature map in, keypoint tokens out."""

from .multi_view_token_pose_neck import MultiViewTokenPoseNeck
from .tokenpose_neck import TokenPoseNeck

__all__ = ['MultiViewTokenPoseNeck', 'TokenPoseNeck']
