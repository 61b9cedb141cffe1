"""Transforms of pipelines, registered in MMPose's registry."""

from .crop_camera import CropCamera
from .load_whole_image import LoadWholeImage
from .random_mirror import RandomMirror

__all__ = ['CropCamera', 'LoadWholeImage', 'RandomMirror']
