"""Registered models; thin classes over :mod:`ppt_mmpose.tokens`."""

from .backbones import ConvStem, HRNetTrunk, RawImageStem
from .heads import TokenPoseHead
from .losses import AttentionGuide
from .necks import TokenPoseNeck
from .pose_estimators import TopdownTokenPose

__all__ = [
    'AttentionGuide',
    'ConvStem',
    'HRNetTrunk',
    'RawImageStem',
    'TokenPoseHead',
    'TokenPoseNeck',
    'TopdownTokenPose',
]
