"""Pose estimators: images in, keypoints out; or 2D keypoints in, 3D ones out."""

from .multi_view_token_pose import MultiViewTokenPose
from .token_pose_lifter import TokenPoseLifter
from .topdown_token_pose import EstimatorOutput, TopdownTokenPose

__all__ = [
    'EstimatorOutput',
    'MultiViewTokenPose',
    'TokenPoseLifter',
    'TopdownTokenPose',
]
