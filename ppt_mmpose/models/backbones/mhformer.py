"""MHFormer as a backbone of MMPose's PoseLifter; with an hourglass, TPC's."""

from typing import Optional

from mmengine.model.weight_init import trunc_normal_
from mmpose.registry import MODELS

from ppt_mmpose.config_values import rates, sizes
from ppt_mmpose.tokens import HypothesisEncoder

from .hourglass_config import hourglass_of
from .lifter import Lifter


@MODELS.register_module()
class MHFormer(Lifter):
    """Sequences of 2D joints to one token of each frame, three hypotheses wide.

    Frames are channels of its first blocks, so every sequence has as many.

    Args:
        feat_size: channels of a hypothesis.
        generation_depth: blocks that make a hypothesis.
        depth: blocks that refine them; an hourglass counts these.
        interaction_depth: blocks that tell them of each other.
        num_heads: of refinement and interaction, a divisor of ``feat_size``.
        track_heads: of the generation, a divisor of ``seq_len``.
        hidden_channels: of the MLPs over all hypotheses.
        num_keypoints: joints.
        seq_len: frames of every sequence.
        drop_rate: dropout.
        drop_path_rate: of the last blocks; it grows evenly from 0.
        hourglass: arguments of
            :func:`~ppt_mmpose.models.backbones.hourglass_config.build_hourglass`; None
            for MHFormer itself.
        init_cfg: as in MMEngine; by default linear layers from a truncated normal
            distribution with a standard deviation of 0.02.

    Raises:
        ValueError: for a number out of its range, or an hourglass that cannot be.
    """

    def __init__(
        self,
        *,
        feat_size: int = 512,
        generation_depth: int = 4,
        depth: int = 2,
        interaction_depth: int = 1,
        num_heads: int = 8,
        track_heads: int = 9,
        hidden_channels: int = 1024,
        num_keypoints: int = 17,
        seq_len: int = 351,
        drop_rate: float = 0,
        drop_path_rate: float = 0,
        hourglass: Optional[dict] = None,
        init_cfg: object = None,
    ) -> None:
        sizes(feat_size=feat_size, generation_depth=generation_depth, depth=depth)
        sizes(interaction_depth=interaction_depth, num_heads=num_heads)
        sizes(track_heads=track_heads, hidden_channels=hidden_channels)
        sizes(num_keypoints=num_keypoints, seq_len=seq_len)
        rates(drop_rate=drop_rate, drop_path_rate=drop_path_rate)
        if init_cfg is None:
            init_cfg = dict(type='TruncNormal', layer=['Linear'], std=0.02)
        encoder = HypothesisEncoder(
            joints=num_keypoints,
            frames=seq_len,
            dim=feat_size,
            generation_depth=generation_depth,
            refinement_depth=depth,
            interaction_depth=interaction_depth,
            num_heads=num_heads,
            track_heads=track_heads,
            hidden=hidden_channels,
            dropout=drop_rate,
            drop_path=drop_path_rate,
            hourglass=hourglass_of(hourglass, feat_size, seq_len, num_heads),
        )
        super().__init__(
            encoder,
            expected=(seq_len, num_keypoints, 2),
            any_length=False,
            init_cfg=init_cfg,
        )

    def init_weights(self) -> None:
        """Initialise as MMEngine does; encodings of places as linear layers."""
        first = not self.is_init
        super().init_weights()
        if first:
            encoder = self.encoder
            tracks = (generation.position for generation in encoder.generation)
            for place in (*encoder.positions, *tracks):
                trunc_normal_(place, std=0.02)
