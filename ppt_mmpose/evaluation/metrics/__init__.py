"""Metrics."""

from .joint_detection_rate import JointDetectionRate
from .multi_view_mpjpe import MultiViewMPJPE
from .sequence_mpjpe import SequenceMPJPE
from .torso_pck import TorsoPCKAccuracy

__all__ = [
    'JointDetectionRate',
    'MultiViewMPJPE',
    'SequenceMPJPE',
    'TorsoPCKAccuracy',
]
