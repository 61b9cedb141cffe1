"""MixSTE as a backbone of MMPose's PoseLifter; with an hourglass, HoT's and TPC's."""

from typing import Optional

from mmpose.registry import MODELS

from ppt_mmpose.config_values import number_from, rates, sizes
from ppt_mmpose.tokens import SpatioTemporalEncoder

from .hourglass_config import hourglass_of
from .lifter import Lifter


@MODELS.register_module()
class MixSTE(Lifter):
    """Sequences of 2D joints to tokens of each joint and frame.

    Names of arguments are those of MMPose's DSTFormer.

    Args:
        in_channels: of a joint: x and y, normalised, and maybe more.
        feat_size: channels of a token.
        depth: pairs of a spatial and a temporal block.
        num_heads: a divisor of ``feat_size``.
        mlp_ratio: hidden channels of the MLPs over ``feat_size``.
        num_keypoints: joints.
        seq_len: frames of the longest sequence.
        drop_path_rate: of the last blocks; it grows evenly from 0.
        hourglass: arguments of
            :func:`~ppt_mmpose.models.backbones.hourglass_config.build_hourglass`; None
            for MixSTE itself.
        init_cfg: as in MMEngine; PyTorch's own initialisation by default.

    Raises:
        ValueError: for a number out of its range, or an hourglass that cannot be.
    """

    def __init__(
        self,
        in_channels: int = 2,
        *,
        feat_size: int = 512,
        depth: int = 8,
        num_heads: int = 8,
        mlp_ratio: float = 2,
        num_keypoints: int = 17,
        seq_len: int = 243,
        drop_path_rate: float = 0,
        hourglass: Optional[dict] = None,
        init_cfg: object = None,
    ) -> None:
        sizes(in_channels=in_channels, feat_size=feat_size, depth=depth)
        sizes(num_heads=num_heads, num_keypoints=num_keypoints, seq_len=seq_len)
        number_from('mlp_ratio', mlp_ratio, 0, or_equal=False)
        rates(drop_path_rate=drop_path_rate)
        encoder = SpatioTemporalEncoder(
            in_channels,
            feat_size,
            joints=num_keypoints,
            frames=seq_len,
            depth=depth,
            num_heads=num_heads,
            mlp_ratio=mlp_ratio,
            drop_path=drop_path_rate,
            hourglass=hourglass_of(hourglass, feat_size, seq_len, num_heads),
        )
        expected = (seq_len, num_keypoints, in_channels)
        super().__init__(encoder, expected=expected, init_cfg=init_cfg)
