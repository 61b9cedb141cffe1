"""Metrics."""

from .torso_pck import TorsoPCKAccuracy

__all__ = ['TorsoPCKAccuracy']
