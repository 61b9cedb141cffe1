"""Metrics."""

from .joint_detection_rate import JointDetectionRate
from .multi_view_mpjpe import MultiViewMPJPE
from .torso_pck import TorsoPCKAccuracy

__all__ = ['JointDetectionRate', 'MultiViewMPJPE', 'TorsoPCKAccuracy']
