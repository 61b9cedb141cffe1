"""Transforms of pipelines, registered in MMPose's registry."""

from .load_whole_image import LoadWholeImage

__all__ = ['LoadWholeImage']
