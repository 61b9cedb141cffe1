"""Metrics that MMPose lacks, registered in its registry."""

from .heatmap_pck import heatmap_pck
from .mean_pose import mean_pose_ap
from .metrics import (
    JointDetectionRate,
    MultiViewMPJPE,
    SequenceMPJPE,
    TorsoPCKAccuracy,
)
from .pose_3d_errors import Pose3DErrors, pose_3d_errors

__all__ = [
    'JointDetectionRate',
    'MultiViewMPJPE',
    'Pose3DErrors',
    'SequenceMPJPE',
    'TorsoPCKAccuracy',
    'heatmap_pck',
    'mean_pose_ap',
    'pose_3d_errors',
]
