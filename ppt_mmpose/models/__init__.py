"""Registered models; thin classes over :mod:`ppt_mmpose.tokens`."""

from .backbones import (
    ConvStem,
    HRNetTrunk,
    MHFormer,
    MixSTE,
    MotionBERT,
    RawImageStem,
)
from .distillers import TokenDistiller
from .heads import PoseSequenceHead, TokenPoseHead
from .losses import (
    AttentionDistillation,
    AttentionGuide,
    HeatmapDistillation,
    SequencePoseLoss,
    TokenDistillation,
)
from .necks import MultiViewTokenPoseNeck, TokenPoseNeck
from .pose_estimators import MultiViewTokenPose, TokenPoseLifter, TopdownTokenPose

__all__ = [
    'AttentionDistillation',
    'AttentionGuide',
    'ConvStem',
    'HRNetTrunk',
    'HeatmapDistillation',
    'MHFormer',
    'MixSTE',
    'MotionBERT',
    'MultiViewTokenPose',
    'MultiViewTokenPoseNeck',
    'PoseSequenceHead',
    'RawImageStem',
    'SequencePoseLoss',
    'TokenDistillation',
    'TokenDistiller',
    'TokenPoseHead',
    'TokenPoseLifter',
    'TokenPoseNeck',
    'TopdownTokenPose',
]
