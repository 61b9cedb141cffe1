"""2D models of MMPose on images in memory: who is in them, and where joints are."""

from .image_estimator import ImageEstimator
from .people import Estimator2D, People

__all__ = ['Estimator2D', 'ImageEstimator', 'People']
