"""MotionBERT as a backbone of MMPose's PoseLifter; with an hourglass, HoT's and TPC's.

MMPose has it, too (DSTFormer), as one loop that cannot be pruned in between. Weights
have MMPose's names wherever they are written, so that its checkpoints load here, and
ours there.
"""

import re
from typing import Dict, Optional

from mmengine.model.weight_init import trunc_normal_
from mmpose.registry import MODELS
from torch import nn

from ppt_mmpose.config_values import number_from, rates, sizes, yes_or_no
from ppt_mmpose.tokens import DualStreamEncoder

from .hourglass_config import hourglass_of
from .lifter import Lifter

_STREAMS = dict(space_first='blocks_st', time_first='blocks_ts')
_PARTS = {
    'norm1': 'norm1_{}',
    'norm2': 'norm2_{}',
    'attention.qkv': 'attn_{}.qkv',
    'attention.projection': 'attn_{}.proj',
    'mlp.0': 'mlp_{}.0',
    'mlp.2': 'mlp_{}.2',
}
_OTHERS = dict(
    embedding='joints_embed',
    spatial_position='spat_embed',
    temporal_position='temp_embed',
    fusions='attn_regress',
    norm='norm',
    hourglass='hourglass',
)
_BLOCK = re.compile(r'encoder\.(\w+)\.(\d+)\.(spatial|temporal)\.(.+)\.(\w+)')


@MODELS.register_module()
class MotionBERT(Lifter):
    """Sequences of 2D joints to tokens of each joint and frame.

    Arguments and names of weights are those of MMPose's DSTFormer.

    Args:
        in_channels: of a joint: x and y, normalised, and confidence.
        feat_size: channels of a token.
        depth: pairs of streams.
        num_heads: a divisor of ``feat_size``.
        mlp_ratio: hidden channels of the MLPs over ``feat_size``.
        num_keypoints: joints.
        seq_len: frames of the longest sequence.
        drop_rate: dropout.
        drop_path_rate: of the last blocks; it grows evenly from 0.
        att_fuse: learn how much each stream counts; the mean otherwise.
        hourglass: arguments of
            :func:`~ppt_mmpose.models.backbones.hourglass_config.build_hourglass`; None
            for MotionBERT itself.
        init_cfg: as in MMEngine; by default linear layers from a truncated normal
            distribution with a standard deviation of 0.02.

    Raises:
        ValueError: for a number out of its range, or an hourglass that cannot be.
    """

    def __init__(
        self,
        in_channels: int = 3,
        *,
        feat_size: int = 256,
        depth: int = 5,
        num_heads: int = 8,
        mlp_ratio: float = 4,
        num_keypoints: int = 17,
        seq_len: int = 243,
        drop_rate: float = 0,
        drop_path_rate: float = 0,
        att_fuse: bool = True,
        hourglass: Optional[dict] = None,
        init_cfg: object = None,
    ) -> None:
        sizes(in_channels=in_channels, feat_size=feat_size, depth=depth)
        sizes(num_heads=num_heads, num_keypoints=num_keypoints, seq_len=seq_len)
        number_from('mlp_ratio', mlp_ratio, 0, or_equal=False)
        rates(drop_rate=drop_rate, drop_path_rate=drop_path_rate)
        yes_or_no('att_fuse', att_fuse)
        if init_cfg is None:
            init_cfg = dict(type='TruncNormal', layer=['Linear'], std=0.02)
        encoder = DualStreamEncoder(
            in_channels,
            feat_size,
            joints=num_keypoints,
            frames=seq_len,
            depth=depth,
            num_heads=num_heads,
            mlp_ratio=mlp_ratio,
            dropout=drop_rate,
            drop_path=drop_path_rate,
            learned_fusion=att_fuse,
            hourglass=hourglass_of(hourglass, feat_size, seq_len, num_heads),
        )
        expected = (seq_len, num_keypoints, in_channels)
        super().__init__(encoder, expected=expected, init_cfg=init_cfg)
        self._register_state_dict_hook(_to_mmpose)
        self._register_load_state_dict_pre_hook(_from_mmpose, with_module=True)

    def init_weights(self) -> None:
        """Initialise as MMEngine does; both streams count the same in the beginning."""
        first = not self.is_init
        super().init_weights()
        if not first:
            return
        encoder = self.encoder
        for place in (encoder.spatial_position, encoder.temporal_position):
            trunc_normal_(place, std=0.02)
        for fusion in encoder.fusions:
            nn.init.zeros_(fusion.weight)
            nn.init.constant_(fusion.bias, 0.5)


def mmpose_name(name: str) -> str:
    """MMPose's name of a weight of the backbone.

    Args:
        name: as in ``encoder.space_first.0.spatial.norm1.weight``.
    """
    block = _BLOCK.fullmatch(name)
    if block:
        stream, index, axis, part, leaf = block.groups()
        part = _PARTS[part].format(axis[0])
        return f'{_STREAMS[stream]}.{index}.{part}.{leaf}'
    _, part, *rest = name.split('.')
    return '.'.join((_OTHERS[part], *rest))


def _names(module: nn.Module, prefix: str) -> Dict[str, str]:
    """MMPose's names by ours."""
    names = (
        *(name for name, _ in module.named_parameters()),
        *(name for name, _ in module.named_buffers()),
    )
    return {prefix + name: prefix + mmpose_name(name) for name in names}


def _to_mmpose(module: nn.Module, state: dict, prefix: str, *_: object) -> None:
    for ours, theirs in _names(module, prefix).items():
        if ours in state:
            state[theirs] = state.pop(ours)


def _from_mmpose(module: nn.Module, state: dict, prefix: str, *_: object) -> None:
    for ours, theirs in _names(module, prefix).items():
        if theirs in state:
            state[ours] = state.pop(theirs)
