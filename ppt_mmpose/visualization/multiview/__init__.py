"""Pictures of several views."""

from .overlays import ViewPainter

__all__ = ['ViewPainter']
