"""Metrics that MMPose lacks, registered in its registry."""

from .metrics import TorsoPCKAccuracy

__all__ = ['TorsoPCKAccuracy']
