"""Backbones: an image in, one feature map out."""

from .conv_stem import ConvStem
from .hrnet_trunk import HRNetTrunk
from .raw_image_stem import RawImageStem

__all__ = ['ConvStem', 'HRNetTrunk', 'RawImageStem']
