"""What MixSTE, MotionBERT and MHFormer share as backbones of MMPose's PoseLifter."""

from typing import Any, Optional, Sequence, Tuple

from mmengine.model import BaseModule
from torch import Tensor, nn

from ppt_mmpose.config_values import whole_numbers
from ppt_mmpose.tokens import FrameOutput, Hourglass


class Lifter(BaseModule):
    """An encoder of sequences of 2D joints.

    Args:
        encoder: has an ``hourglass``, or None, and gives a FrameOutput.
        expected: T, J and channels of a joint in the sequences that it takes.
        any_length: take shorter sequences, too.
        init_cfg: as in MMEngine.
    """

    # For MMPose's PoseLifter: a frame sees those after it.
    causal = False

    encoder: Any

    def __init__(
        self,
        encoder: nn.Module,
        *,
        expected: Tuple[int, int, int],
        any_length: bool = True,
        init_cfg: object = None,
    ) -> None:
        super().__init__(init_cfg=init_cfg)
        self.encoder = encoder
        self.expected = expected
        self.any_length = any_length

    @property
    def frames(self) -> int:
        """T, the longest sequence."""
        return self.expected[0]

    @property
    def hourglass(self) -> Optional[Hourglass]:
        """What prunes and recovers frames; None of a model that never does."""
        return self.encoder.hourglass

    @property
    def gives_all_frames(self) -> bool:
        """Whether there is an output for every frame that goes in."""
        return self.hourglass is None or self.hourglass.recovery is not None

    @property
    def keeps_centre(self) -> bool:
        """Whether it can give the centre frame without computing outputs of others."""
        return self.hourglass is None or self.hourglass.leaves_centre

    def set_kept_frames(self, kept_frames: Sequence[int]) -> None:
        """Keep other numbers of frames from now on, with the same weights.

        Args:
            kept_frames: one for each pruning, descending.

        Raises:
            ValueError: if they are no such numbers or do not fit, or the model never
                prunes.
        """
        counts = whole_numbers('kept_frames', kept_frames)
        if self.hourglass is None:
            raise ValueError(
                f'kept_frames: {counts} has no effect on a model without an hourglass'
            )
        self.hourglass.set_kept_frames(counts)

    def encode(
        self,
        keypoints: Tensor,
        *,
        chosen: Optional[Sequence[Tensor]] = None,
        centre: bool = False,
    ) -> FrameOutput:
        """Tokens, which frames they are of, and what was pruned.

        Args:
            keypoints: ``(B, T, J, channels)``, normalised.
            chosen: source of each pruning of another pass, to keep the same frames.
            centre: give the centre frame alone, and leave out what nobody reads then.

        Raises:
            ValueError: if frames, joints or channels are not those of the model, or the
                centre frame is asked for of a model that may not have it
                (``keeps_centre``).
        """
        given, expected = tuple(keypoints.shape[1:]), self.expected
        lengths = range(1, expected[0] + 1) if self.any_length else (expected[0],)
        if keypoints.dim() != 4 or given[1:] != expected[1:] or given[0] not in lengths:
            most = 'at most ' if self.any_length else ''
            raise ValueError(
                f'keypoints: expected (batch, {most}{expected[0]} frames, '
                f'{expected[1]} joints, {expected[2]} channels), got '
                f'{tuple(keypoints.shape)}; longer videos go in windows'
            )
        return self.encoder(keypoints, chosen=chosen, centre=centre)

    def forward(self, keypoints: Tensor) -> Tensor:
        """Tokens alone, for MMPose's PoseLifter and heads.

        Args:
            keypoints: ``(B, T, J, channels)``, normalised.

        Returns:
            ``(B, F, J, C)`` of all frames, or of those that were kept where nothing
            recovers the others.
        """
        return self.encode(keypoints).tokens
