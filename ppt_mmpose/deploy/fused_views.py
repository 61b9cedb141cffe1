"""Views that attend together, made fast in two parts.

What a view does alone may go in chunks of a few views, what the views of an instant do
together in chunks of a few instants; between the two, views are put in their places.
"""

from typing import Callable, Optional, Sequence, Tuple, cast

from mmpose.structures import PoseDataSample
from torch import Tensor

from ppt_mmpose.models import MultiViewTokenPose
from ppt_mmpose.tokens import TokenSequence

from .chunks import InChunks

# Tokens, source, position and present of a TokenSequence.
_Tensors = Tuple[Tensor, Tensor, Optional[Tensor], Optional[Tensor]]


class FusedViews:
    """What `MultiViewTokenPose` gives its head.

    Args:
        model: that fuses its views.
        chunk_size: views that go through together; all of them when None.
    """

    def __init__(self, model: MultiViewTokenPose, chunk_size: Optional[int]) -> None:
        self.model, self.chunk_size = model, chunk_size
        self.alone: Callable[[Tensor], _Tensors] = self._alone
        self.together: Callable[[_Tensors], Tensor] = self._together

    def __call__(
        self,
        inputs: Tensor,
        data_samples: Sequence[PoseDataSample],
        flipped: bool = False,
    ) -> Tuple[Tensor]:
        """As the model does it.

        Args:
            inputs: ``(n, 3, height, width)``, normalised; n views of whole instants.
            data_samples: n of them.
            flipped: whether the views are mirrored.

        Returns:
            One tensor ``(n, J, C)``.
        """
        neck, size = self.model.neck, self.chunk_size or len(inputs)
        places, rays = self.model.where(inputs, data_samples, flipped)
        sequence = _sequence(InChunks(self.alone, size)(inputs))
        joined = neck.joined(sequence, rays, places)
        instants = max(1, size // places.shape[1])
        keypoints = InChunks(self.together, instants)(_tensors(joined))
        return (neck.taken_apart(keypoints, places),)

    def _alone(self, images: Tensor) -> _Tensors:
        out = self.model.neck.encode_each_view(self.model.backbone(images)[-1])
        return _tensors(cast(TokenSequence, out.sequence))

    def _together(self, tensors: _Tensors) -> Tensor:
        return self.model.neck.encoder.together(_sequence(tensors)).stages[0]


def _tensors(sequence: TokenSequence) -> _Tensors:
    return sequence.tokens, sequence.source, sequence.position, sequence.present


def _sequence(tensors: _Tensors) -> TokenSequence:
    tokens, source, position, present = tensors
    count = tokens.shape[1] - source.shape[1]
    return TokenSequence(tokens, count, source, position, present)
