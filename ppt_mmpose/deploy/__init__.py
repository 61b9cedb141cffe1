"""Trained models made ready for inference, and files for other programs."""

from .optimize import in_precision, optimize_for_inference

__all__ = ['in_precision', 'optimize_for_inference']
