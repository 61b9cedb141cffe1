"""Wrappers of optimisers, registered in MMPose's registry."""

from .bfloat16_optim_wrapper import BFloat16OptimWrapper

__all__ = ['BFloat16OptimWrapper']
