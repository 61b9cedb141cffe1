"""Optimisers, registered in MMPose's registry."""

from .fused_adam import FusedAdam

__all__ = ['FusedAdam']
