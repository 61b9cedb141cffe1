"""Views that attend together, made fast in two parts.

What a view does alone goes in chunks of views, and what the views of an instant do
together in chunks of instants; between the two, views are put in their places.
"""

from typing import Optional, Sequence, Tuple, cast

from mmpose.structures import PoseDataSample
from torch import Tensor

from ppt_mmpose.models import MultiViewTokenPose
from ppt_mmpose.tokens import TokenSequence

# Tokens, source, position and present of a TokenSequence.
_Tensors = Tuple[Tensor, Tensor, Optional[Tensor], Optional[Tensor]]


class FusedViews:
    """What `MultiViewTokenPose.extract_views` gives, in parts that can be replaced.

    Args:
        model: that fuses its views.
    """

    def __init__(self, model: MultiViewTokenPose) -> None:
        self.model = model

    def __call__(
        self,
        inputs: Tensor,
        data_samples: Sequence[PoseDataSample],
        flipped: bool = False,
    ) -> Tuple[Tensor]:
        """As the model does it; arguments and result are its own."""
        neck = self.model.neck
        places, rays = self.model.where(inputs, data_samples, flipped)
        joined = neck.joined(_sequence(self.alone(inputs)), rays, places)
        keypoints = self.together(_tensors(joined))
        return (neck.taken_apart(keypoints, places, len(inputs)),)

    def alone(self, images: Tensor) -> _Tensors:
        """Every view before the fused blocks.

        Args:
            images: ``(n, 3, height, width)``, normalised.
        """
        out = self.model.neck.encode_each_view(self.model.backbone(images)[-1])
        return _tensors(cast(TokenSequence, out.sequence))

    def together(self, tensors: _Tensors) -> Tensor:
        """The fused blocks.

        Args:
            tensors: of the joined sequence of B instants.

        Returns:
            ``(B, V * J, C)``.
        """
        return self.model.neck.encoder.together(_sequence(tensors)).stages[0]


def _tensors(sequence: TokenSequence) -> _Tensors:
    position = sequence.position
    if position is not None:
        # One for all samples could not go in chunks.
        position = position.expand(len(sequence.tokens), -1, -1)
    return sequence.tokens, sequence.source, position, sequence.present


def _sequence(tensors: _Tensors) -> TokenSequence:
    tokens, source, position, present = tensors
    count = tokens.shape[1] - source.shape[1]
    return TokenSequence(tokens, count, source, position, present)
