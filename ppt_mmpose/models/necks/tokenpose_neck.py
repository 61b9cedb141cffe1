"""The neck: a feature map in, keypoint tokens out (TokenPose, PPT)."""

from typing import Any, Collection, Optional, Sequence, Tuple

import torch
from mmengine.model import BaseModule
from mmpose.registry import MODELS
from torch import Tensor, nn

from ppt_mmpose.config_values import number, one_of, whole_numbers
from ppt_mmpose.tokens import (
    Block,
    EncoderOutput,
    PatchEmbedding,
    PrunedEncoder,
    PruneSchedule,
    TokenSequence,
    build_blocks,
    sine_position_2d,
)

TOKEN_STD = 0.02
RELEASED_INIT = dict(type='TruncNormal', std=TOKEN_STD, layer=['Linear', 'Conv2d'])
ATTENTION_SCALES = ('dim', 'head_dim')
POSITIONS = ('sine', 'learnable', 'none')


@MODELS.register_module()
class TokenPoseNeck(BaseModule):
    """Patches to tokens, keypoint tokens in front, and the pruned encoder.

    Args:
        in_channels: channels of the feature map.
        feature_size: height and width of the feature map.
        patch_size: height and width of a patch, in cells of the feature map.
        num_keypoints: J.
        dim: C, channels of a token.
        stages: number of blocks in each stage. With more than one stage, the
            keypoint tokens after every stage are concatenated (keypoint-token
            fusion, TokenPose section 4.4).
        num_heads: heads of the attention.
        mlp_ratio: hidden channels of the MLP over ``dim``.
        attention_scale: ``'head_dim'`` scales dot products by
            ``(dim / num_heads) ** -0.5``; ``'dim'`` by ``dim ** -0.5``, as the
            released TokenPose-S and PPT-S do.
        position: ``'sine'`` (fixed), ``'learnable'`` or ``'none'`` (TokenPose,
            table 7).
        position_at_stage_start: see :class:`ppt_mmpose.tokens.PrunedEncoder`.
        prune_blocks: 0-based blocks in which background tokens are pruned.
        keep_ratio: part of the visual tokens that stays at each pruning, (0, 1].
        with_cp: train with less memory and more time, see
            :class:`ppt_mmpose.tokens.PrunedEncoder`.
        init_cfg: as in MMEngine; by default as released, truncated normal with a
            standard deviation of 0.02 for every projection.

    Raises:
        ValueError: if a size or option does not fit the others.
    """

    def __init__(
        self,
        in_channels: int,
        feature_size: Tuple[int, int],
        *,
        patch_size: Tuple[int, int],
        num_keypoints: int,
        dim: int = 192,
        stages: Sequence[int] = (12,),
        num_heads: int = 8,
        mlp_ratio: float = 3,
        attention_scale: str = 'head_dim',
        position: str = 'sine',
        position_at_stage_start: bool = False,
        prune_blocks: Sequence[int] = (),
        keep_ratio: float = 1.0,
        with_cp: bool = False,
        init_cfg: object = None,
    ) -> None:
        super().__init__(init_cfg=init_cfg or RELEASED_INIT)
        if num_keypoints < 1:
            raise ValueError(f'num_keypoints: expected 1 or more, got {num_keypoints}')
        stages = whole_numbers('stages', stages)
        feature_size = whole_numbers('feature_size', feature_size, length=2)
        patch_size = whole_numbers('patch_size', patch_size, length=2)
        self.patch_embedding = PatchEmbedding(
            in_channels, dim, feature_size=feature_size, patch_size=patch_size
        )
        self.keypoint_tokens = _learnable_tokens(num_keypoints, dim)
        self._set_position(one_of('position', position, POSITIONS), dim)
        rule = one_of('attention_scale', attention_scale, ATTENTION_SCALES)
        blocks = build_blocks(
            sum(stages),
            dim,
            num_heads=num_heads,
            mlp_ratio=mlp_ratio,
            scale=dim**-0.5 if rule == 'dim' else None,
        )
        self.encoder = self._encoder(
            blocks,
            stages=stages,
            schedule=_schedule(prune_blocks, keep_ratio, depth=sum(stages)),
            position_at_stage_start=position_at_stage_start,
            with_cp=with_cp,
        )

    def _encoder(self, blocks: Sequence[Block], **options: Any) -> PrunedEncoder:
        return PrunedEncoder(blocks, **options)

    def _set_position(self, kind: str, dim: int) -> None:
        rows, columns = self.patch_embedding.grid
        self.position: Optional[Tensor]
        if kind == 'none':
            self.position = None
        elif kind == 'learnable':
            self.position = _learnable_tokens(rows * columns, dim)
        else:
            # Computed, so not part of the weights.
            sine = sine_position_2d((rows, columns), dim)
            self.register_buffer('position', sine, persistent=False)

    @property
    def keep_ratio(self) -> float:
        """Part of the visual tokens that stays at each pruning, now."""
        return self.encoder.schedule.keep_ratio

    @property
    def prunes(self) -> bool:
        """Whether there is a block at which tokens can be pruned."""
        return bool(self.encoder.schedule.blocks)

    def set_keep_ratio(self, keep_ratio: float) -> None:
        """Prune to another ratio from now on, with the same weights.

        Raises:
            ValueError: if the ratio is not in (0, 1], or the model never prunes.
        """
        self.encoder.set_keep_ratio(number('keep_ratio', keep_ratio))

    def encode(
        self, features: Tensor, *, attention_blocks: Collection[int] = ()
    ) -> EncoderOutput:
        """Run the encoder, and tell what it pruned.

        Args:
            features: ``(B, in_channels, height, width)``.
            attention_blocks: 0-based blocks whose keypoint attention is wanted, too.
        """
        sequence = self.embed(features)
        return self.encoder(sequence, attention_blocks=attention_blocks)

    def embed(self, features: Tensor) -> TokenSequence:
        """The tokens that enter the encoder, with their first position encoding.

        Args:
            features: ``(B, in_channels, height, width)``.
        """
        visual = self.patch_embedding(features)
        sequence = TokenSequence.begin(
            self.keypoint_tokens, visual, position=self.position
        )
        return sequence.add_position()

    def forward(self, features: Sequence[Tensor]) -> Tuple[Tensor]:
        """Keypoint tokens for the head.

        Args:
            features: feature maps; the last one ``(B, in_channels, height, width)``
                is used.

        Returns:
            One tensor ``(B, J, S * dim)``.
        """
        return self.keypoint_features(self.encode(features[-1]))

    @staticmethod
    def keypoint_features(out: EncoderOutput) -> Tuple[Tensor]:
        """What the head gets of the encoder's output."""
        return (torch.cat(out.stages, dim=-1),)


def _learnable_tokens(count: int, dim: int) -> nn.Parameter:
    tokens = nn.Parameter(torch.empty(1, count, dim))
    nn.init.trunc_normal_(tokens, std=TOKEN_STD)
    return tokens


def _schedule(
    prune_blocks: Sequence[int], keep_ratio: float, *, depth: int
) -> PruneSchedule:
    blocks = whole_numbers('prune_blocks', prune_blocks)
    if depth - 1 in blocks:
        raise ValueError(
            f'prune_blocks: block {depth - 1} is the last of {depth}, and pruning '
            'there has no effect on the keypoints; expected lower blocks (0-based)'
        )
    return PruneSchedule(blocks, number('keep_ratio', keep_ratio))
