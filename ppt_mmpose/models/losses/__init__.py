"""Losses that MMPose lacks."""

from .attention_guide import AttentionGuide

__all__ = ['AttentionGuide']
