"""Backbones: an image in, one feature map out; or a sequence in, its tokens out."""

from .conv_stem import ConvStem
from .hrnet_trunk import HRNetTrunk
from .mhformer import MHFormer
from .mixste import MixSTE
from .motionbert import MotionBERT
from .raw_image_stem import RawImageStem

__all__ = [
    'ConvStem',
    'HRNetTrunk',
    'MHFormer',
    'MixSTE',
    'MotionBERT',
    'RawImageStem',
]
