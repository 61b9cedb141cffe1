"""Registered models; thin classes over :mod:`ppt_mmpose.tokens`."""

from .backbones import ConvStem, HRNetTrunk, RawImageStem
from .heads import TokenPoseHead
from .losses import AttentionGuide
from .necks import MultiViewTokenPoseNeck, TokenPoseNeck
from .pose_estimators import MultiViewTokenPose, TopdownTokenPose

__all__ = [
    'AttentionGuide',
    'ConvStem',
    'HRNetTrunk',
    'MultiViewTokenPose',
    'MultiViewTokenPoseNeck',
    'RawImageStem',
    'TokenPoseHead',
    'TokenPoseNeck',
    'TopdownTokenPose',
]
