"""Hooks for MMEngine's runner, registered in MMPose's registry."""

from .deferred_info_hook import DeferredInfoHook
from .keep_ratio_hook import KeepRatioHook
from .safe_checkpoint_hook import SafeCheckpointHook
from .token_visualization_hook import TokenVisualizationHook

__all__ = [
    'DeferredInfoHook',
    'KeepRatioHook',
    'SafeCheckpointHook',
    'TokenVisualizationHook',
]
