"""The neck of multi-view PPT: feature maps of V views in, their keypoint tokens out."""

from dataclasses import replace
from typing import Any, Collection, Optional, Sequence, Tuple, cast

from mmpose.registry import MODELS
from torch import Tensor, nn

from ppt_mmpose.config_values import whole_numbers
from ppt_mmpose.tokens import (
    Block,
    EncoderOutput,
    FusionEncoder,
    TokenSequence,
    gather_tokens,
    join_views,
)

from .tokenpose_neck import TokenPoseNeck


@MODELS.register_module()
class MultiViewTokenPoseNeck(TokenPoseNeck):
    """Every view alone with its prunings, then the kept tokens of all views together.

    Where a patch looks in the world is encoded, too: a linear layer of the direction of
    its ray, added in the fused blocks on top of the encoding in the image.

    Args:
        in_channels: as in TokenPoseNeck.
        feature_size: as in TokenPoseNeck.
        fused_blocks: how many blocks, from the last one on, see all views; 2 in the
            released code, 3 in the paper.
        fuse: False to run every view alone, through all blocks (the same weights).
        position_3d: False to leave the directions out (an ablation of the paper).
        **kwargs: as in TokenPoseNeck; one stage.

    Raises:
        ValueError: if a size or option does not fit the others.
    """

    encoder: FusionEncoder

    def __init__(
        self,
        in_channels: int,
        feature_size: Tuple[int, int],
        *,
        fused_blocks: int = 2,
        fuse: bool = True,
        position_3d: bool = True,
        **kwargs: Any,
    ) -> None:
        (self._fused_blocks,) = whole_numbers('fused_blocks', (fused_blocks,))
        super().__init__(in_channels, feature_size, **kwargs)
        self.fuse = fuse
        dim = self.keypoint_tokens.shape[-1]
        self.position_3d = nn.Linear(3, dim) if position_3d else None
        if self.position_3d is not None:
            # A weight that waits for a gradient would stop several processes.
            self.position_3d.requires_grad_(fuse)

    def _encoder(self, blocks: Sequence[Block], **options: Any) -> FusionEncoder:
        if len(options.pop('stages')) > 1 or options.pop('position_at_stage_start'):
            raise ValueError('stages: expected one stage for several views')
        return FusionEncoder(blocks, fused=self._fused_blocks, **options)

    def encode(
        self, features: Tensor, *, attention_blocks: Collection[int] = ()
    ) -> EncoderOutput:
        """Every view alone; as in TokenPoseNeck.

        Raises:
            ValueError: if views are fused: then one alone is another model.
        """
        if self.fuse:
            raise ValueError(
                'fuse: the views of an instant are encoded together (encode_views); '
                'expected False to take each alone, got True'
            )
        return super().encode(features, attention_blocks=attention_blocks)

    def encode_views(
        self,
        features: Tensor,
        rays: Optional[Tensor],
        places: Tensor,
        *,
        attention_blocks: Collection[int] = (),
    ) -> EncoderOutput:
        """Run the encoder on the views of B instants, and tell what it pruned.

        Args:
            features: ``(n, in_channels, height, width)``, of n views.
            rays: ``(n, N, 3)``, world, of length 1, where patches look; None without
                their encoding.
            places: ``(B, V)``, int64: of each instant the numbers of its views among
                the n, each once; -1 for a view that is missing.
            attention_blocks: 0-based blocks whose keypoint attention is wanted, too;
                that of a fused block is ``(B, V * J, V * J + V * K)``.

        Returns:
            One stage ``(n, J, C)``; prunings of each view.

        Raises:
            ValueError: if there are rays and no encoding for them, or the reverse.
        """
        each = [block for block in attention_blocks if block < self.encoder.first_fused]
        fused = [block for block in attention_blocks if block not in each]
        alone = self.encode_each_view(features, attention_blocks=each)
        joined = self.joined(cast(TokenSequence, alone.sequence), rays, places)
        out = self.encoder.together(joined, attention_blocks=fused)
        return replace(
            out,
            stages=(self.taken_apart(out.stages[0], places, len(features)),),
            prunings=alone.prunings,
            attention=alone.attention + out.attention,
        )

    def encode_each_view(
        self, features: Tensor, *, attention_blocks: Collection[int] = ()
    ) -> EncoderOutput:
        """The first part of `encode_views`: every view in the blocks before.

        Args:
            features: ``(n, in_channels, height, width)``.
            attention_blocks: as in `encode_views`, of those before.

        Returns:
            With the sequence that is left of each view.
        """
        embedded = self.embed(features)
        return self.encoder.each_view(embedded, attention_blocks=attention_blocks)

    def joined(
        self, sequence: TokenSequence, rays: Optional[Tensor], places: Tensor
    ) -> TokenSequence:
        """The second part of `encode_views`: what enters the fused blocks.

        Args:
            sequence: of each view.
            rays: see `encode_views`.
            places: see `encode_views`.

        Raises:
            ValueError: see `encode_views`.
        """
        if (rays is None) != (self.position_3d is None):
            raise ValueError(
                'rays: expected them with position_3d, and none without, got '
                f'{None if rays is None else tuple(rays.shape)}'
            )
        if rays is not None and self.position_3d is not None:
            kept = gather_tokens(rays.to(sequence.tokens), sequence.source)
            sequence = sequence.with_more_position(self.position_3d(kept))
        rows, columns = self.patch_embedding.grid
        return join_views(sequence, places, patches=rows * columns)

    @staticmethod
    def taken_apart(keypoints: Tensor, places: Tensor, count: int) -> Tensor:
        """The last part of `encode_views`: keypoint tokens of the views as they came.

        Args:
            keypoints: ``(B, V * J, C)``.
            places: see `encode_views`.
            count: n.

        Returns:
            ``(n, J, C)``.
        """
        by_view = keypoints.unflatten(1, (places.shape[1], -1)).flatten(0, 1)
        # Where each of the n views is among those of all instants.
        order = places.flatten().argsort(stable=True)[-count:]
        return by_view.index_select(0, order)
