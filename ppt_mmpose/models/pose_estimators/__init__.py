"""Pose estimators: images in, keypoints out."""

from .topdown_token_pose import TopdownTokenPose

__all__ = ['TopdownTokenPose']
