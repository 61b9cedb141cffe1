"""Metrics that MMPose lacks, registered in its registry."""

from .mean_pose import mean_pose_ap
from .metrics import TorsoPCKAccuracy

__all__ = ['TorsoPCKAccuracy', 'mean_pose_ap']
