import torch
from mmpose.registry import MODELS


def test_hands_the_image_on():
    images = torch.randn(1, 3, 8, 8)
    assert MODELS.build(dict(type='RawImageStem'))(images)[0] is images
