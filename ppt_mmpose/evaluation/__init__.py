"""Metrics that MMPose lacks, registered in its registry."""

from .heatmap_pck import heatmap_pck
from .mean_pose import mean_pose_ap
from .metrics import TorsoPCKAccuracy

__all__ = ['TorsoPCKAccuracy', 'heatmap_pck', 'mean_pose_ap']
