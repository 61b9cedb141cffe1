"""Human-area fusion: the kept tokens of all views attend together.

Multi-view PPT (section 3.2): every view goes through the first blocks on its own and is
pruned there; in the last blocks the keypoint tokens and the kept tokens of all views
are one sequence. Without pruning the same is global fusion, the paper's baseline.

The released code fuses in the last two of twelve blocks, the paper in the last three.
"""

from dataclasses import replace
from typing import Collection, Optional, Sequence

import torch
from torch import Tensor

from .block import Block
from .encoder import EncoderOutput, PrunedEncoder
from .schedule import PruneSchedule
from .sequence import TokenSequence


def join_views(
    sequence: TokenSequence, places: Tensor, *, patches: int
) -> TokenSequence:
    """The views of each instant as one sequence.

    Args:
        sequence: of n views.
        places: ``(B, V)``, int64: of each instant the numbers of its views among the n;
            -1 for a view that is missing.
        patches: N, of a view before any pruning.

    Returns:
        ``(B, V * J + V * K)`` tokens: keypoint tokens of the views one after another,
        then their visual tokens; a visual token of view v has ``v * patches`` added to
        its source. Nobody attends to the tokens of a missing view.

    Raises:
        ValueError: for an instant of which all views are missing.
    """
    views, split = places.shape[1], sequence.num_keypoints
    index = places.clamp(min=0).flatten()

    def of_instants(values: Tensor) -> Tensor:
        values = values.expand(len(sequence.tokens), *values.shape[1:])
        return values.index_select(0, index).unflatten(0, (-1, views))

    def joined(values: Tensor) -> Tensor:
        parts = values[:, :, :split].flatten(1, 2), values[:, :, split:].flatten(1, 2)
        return torch.cat(parts, dim=1)

    source = of_instants(sequence.source)
    first = torch.arange(views, device=source.device)[:, None] * patches
    position, present = sequence.position, None
    if position is not None:
        position = joined(of_instants(position))
    if (places < 0).any():
        # Whoever may attend to nobody would be NaN.
        empty = (places < 0).all(dim=1).nonzero().flatten().tolist()
        if empty:
            raise ValueError(
                'places: expected one view of each instant or more, got none of the '
                f'instants {empty}'
            )
        length = sequence.tokens.shape[1]
        present = joined((places >= 0)[..., None].expand(-1, -1, length))
    return replace(
        sequence,
        tokens=joined(of_instants(sequence.tokens)),
        num_keypoints=views * split,
        source=(source + first).flatten(1),
        position=position,
        present=present,
    )


class FusionEncoder(PrunedEncoder):
    """Blocks of which the last ones see all views together.

    Args:
        blocks: built blocks.
        fused: how many of them, from the last one on, see all views.
        schedule: where and how much to prune; before the fused blocks.
        with_cp: see `PrunedEncoder`.

    Raises:
        ValueError: if the fused blocks leave none for each view, or a prune block is
            among them.
    """

    def __init__(
        self,
        blocks: Sequence[Block],
        *,
        fused: int,
        schedule: Optional[PruneSchedule] = None,
        with_cp: bool = False,
    ) -> None:
        super().__init__(blocks, schedule=schedule, with_cp=with_cp)
        self.first_fused = len(blocks) - fused
        if not 0 < fused < len(blocks):
            raise ValueError(
                f'fused: expected 1 to {len(blocks) - 1} of {len(blocks)} blocks, got '
                f'{fused}'
            )
        late = [block for block in self.schedule.blocks if block >= self.first_fused]
        if late:
            raise ValueError(
                f'prune_blocks: expected blocks before {self.first_fused}, where all '
                f'views come together, got {late}'
            )

    def each_view(
        self, sequence: TokenSequence, *, attention_blocks: Collection[int] = ()
    ) -> EncoderOutput:
        """Every view on its own.

        Args:
            sequence: of ``B * V`` samples, with the first position encoding added.
            attention_blocks: as in `PrunedEncoder`; later ones are left out.

        Returns:
            With the sequence that is left, and its prunings.
        """
        return self.through(
            range(self.first_fused),
            sequence,
            keypoints_only=False,
            attention_blocks=attention_blocks,
        )

    def together(
        self, sequence: TokenSequence, *, attention_blocks: Collection[int] = ()
    ) -> EncoderOutput:
        """All views of each instant (`join_views`).

        Args:
            sequence: of B samples, with the encoding that is added in each block.
            attention_blocks: as in `PrunedEncoder`; earlier ones are left out.

        Returns:
            One stage ``(B, V * J, C)``.
        """
        return self.through(
            range(self.first_fused, len(self.blocks)),
            sequence,
            keypoints_only=True,
            attention_blocks=attention_blocks,
        )
