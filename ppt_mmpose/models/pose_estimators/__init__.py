"""Pose estimators: images in, keypoints out."""

from .multi_view_token_pose import MultiViewTokenPose
from .topdown_token_pose import TopdownTokenPose

__all__ = ['MultiViewTokenPose', 'TopdownTokenPose']
