"""Ways to begin a training from other weights."""

from .pretrained_keypoints import PretrainedKeypoints

__all__ = ['PretrainedKeypoints']
