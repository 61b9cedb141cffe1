"""Registered models; thin classes over :mod:`ppt_mmpose.tokens`."""

from .backbones import ConvStem, HRNetTrunk, RawImageStem
from .distillers import TokenDistiller
from .heads import TokenPoseHead
from .losses import (
    AttentionDistillation,
    AttentionGuide,
    HeatmapDistillation,
    SequencePoseLoss,
    TokenDistillation,
)
from .necks import MultiViewTokenPoseNeck, TokenPoseNeck
from .pose_estimators import MultiViewTokenPose, TopdownTokenPose

__all__ = [
    'AttentionDistillation',
    'AttentionGuide',
    'ConvStem',
    'HRNetTrunk',
    'HeatmapDistillation',
    'MultiViewTokenPose',
    'MultiViewTokenPoseNeck',
    'RawImageStem',
    'SequencePoseLoss',
    'TokenDistillation',
    'TokenDistiller',
    'TokenPoseHead',
    'TokenPoseNeck',
    'TopdownTokenPose',
]
