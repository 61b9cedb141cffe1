"""Pictures of several views and of the world, and videos of them."""

from .overlays import ViewPainter
from .scene import Scene, fit_scene
from .skeleton_3d import SkeletonPicture
from .video import VideoWriter

__all__ = ['Scene', 'SkeletonPicture', 'VideoWriter', 'ViewPainter', 'fit_scene']
