"""Losses that MMPose lacks."""

from .attention_distillation import AttentionDistillation
from .attention_guide import AttentionGuide
from .heatmap_distillation import HeatmapDistillation
from .sequence_pose import SequencePoseLoss
from .token_distillation import TokenDistillation

__all__ = [
    'AttentionDistillation',
    'AttentionGuide',
    'HeatmapDistillation',
    'SequencePoseLoss',
    'TokenDistillation',
]
