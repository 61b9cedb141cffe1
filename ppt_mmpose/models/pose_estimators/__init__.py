"""Pose estimators: images in, keypoints out."""

from .multi_view_token_pose import MultiViewTokenPose
from .topdown_token_pose import EstimatorOutput, TopdownTokenPose

__all__ = ['EstimatorOutput', 'MultiViewTokenPose', 'TopdownTokenPose']
