"""What a token model did in one run."""

from dataclasses import dataclass, field
from typing import List, Optional, Sequence, Tuple

from mmpose.structures import PoseDataSample
from torch import Tensor

from ppt_mmpose.tokens import KeypointAttention, Pruning


@dataclass(frozen=True)
class TokenPass:
    """One run of a token model, on the CPU and without gradients.

    Attributes:
        images: ``(B, 3, height, width)``, as the backbone got them: normalised.
        flipped: whether it is the second run of a flip test, on mirrored images.
        grid: rows and columns of patches.
        keypoint_tokens: ``(J, C)``, the learnt tokens that enter the first block.
        prunings: one for each pruning; empty when nothing was pruned.
        attention: one for each block; empty when it was not asked for. Of fused views
            for each fused block, and of instants: ``(B, V * J, V * J + V * K)``.
        views: ``(B, V)``, int64: of each instant the numbers of its views among the
            images, -1 where one is missing; None where every image is alone.
        heatmaps: ``(B, J, height, width)``; None when they were not asked for.
    """

    images: Tensor
    flipped: bool
    grid: Tuple[int, int]
    keypoint_tokens: Tensor
    prunings: Tuple[Pruning, ...]
    attention: Tuple[KeypointAttention, ...]
    views: Optional[Tensor] = None
    heatmaps: Optional[Tensor] = None


@dataclass
class TokenRecord:
    """What was recorded, in order.

    Attributes:
        passes: every run of the encoder.
        samples: what the estimator predicted, a list for each call.
    """

    passes: List[TokenPass] = field(default_factory=list)
    samples: List[Sequence[PoseDataSample]] = field(default_factory=list)

    @property
    def unflipped(self) -> TokenPass:
        """The first run on images as they are.

        Raises:
            ValueError: if nothing ran.
        """
        for one in self.passes:
            if not one.flipped:
                return one
        raise ValueError(
            'record: expected a run of the model, got none. (A model that '
            'was compiled, or made ready for inference, before the recording does not '
            'run its hooks; record the model as it was.)'
        )
