"""Transforms of pipelines, registered in MMPose's registry."""

from .load_whole_image import LoadWholeImage
from .random_mirror import RandomMirror

__all__ = ['LoadWholeImage', 'RandomMirror']
