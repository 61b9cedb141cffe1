"""No backbone: TokenPose-T cuts its patches out of the image (section 4.1)."""

from typing import Tuple

from mmpose.models.backbones.base_backbone import BaseBackbone
from mmpose.registry import MODELS
from torch import Tensor


@MODELS.register_module()
class RawImageStem(BaseBackbone):
    """Hand the normalised image on as the feature map, at a stride of 1."""

    def forward(self, images: Tensor) -> Tuple[Tensor]:
        """Return ``images`` ``(B, 3, height, width)`` in a tuple of one."""
        return (images,)
