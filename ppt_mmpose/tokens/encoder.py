"""The pruned encoder: blocks, position encodings between them, and prunings.

TokenPose (figure 2) and PPT (figure 3) in one: without prune blocks it is the
encoder of TokenPose, and so it is at a keep ratio of 1.
"""

from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from typing import Any, Callable, Collection, List, Optional, Sequence, Tuple

import torch
from torch import Tensor, nn

from .block import Block, KeypointAttention, Pruning
from .checkpointing import compute_twice
from .schedule import PruneSchedule
from .sequence import TokenSequence


@dataclass(frozen=True)
class EncoderOutput:
    """What comes out of the encoder.

    Attributes:
        stages: S tensors ``(B, J, C)``, the keypoint tokens after every stage.
        prunings: one record per pruning, in order; empty when nothing was pruned.
        sequence: the whole last sequence, or None when only keypoints were asked
            for.
        attention: the keypoints' rows of every block that was asked for, in order.
    """

    stages: Tuple[Tensor, ...]
    prunings: Tuple[Pruning, ...]
    sequence: Optional[TokenSequence]
    attention: Tuple[KeypointAttention, ...] = ()


class PrunedEncoder(nn.Module):
    """Transformer blocks in stages, some of which prune visual tokens.

    The position encoding is added to the visual tokens before every block, except
    the first of each stage: the released TokenPose-L is three transformers in a
    row, each of which skips it at its start. (The encoding of the very first block
    comes with the patch embedding.)

    Args:
        blocks: built blocks, S stages one after the other.
        stages: number of blocks in each stage; all in one stage when None.
        schedule: where and how much to prune.
        position_at_stage_start: add the encoding also at the start of the second
            and later stages, as one plain transformer would (TokenPose's paper).
        with_cp: compute every block a second time for its gradient, instead of storing
            what it computed: less memory while training, more time. (MMPose's name.)

    Raises:
        ValueError: if stages or prune blocks do not fit the blocks, or an option
            has no effect.
    """

    def __init__(
        self,
        blocks: Sequence[Block],
        *,
        stages: Optional[Sequence[int]] = None,
        schedule: Optional[PruneSchedule] = None,
        position_at_stage_start: bool = False,
        with_cp: bool = False,
    ) -> None:
        super().__init__()
        stages = (len(blocks),) if stages is None else tuple(stages)
        if sum(stages) != len(blocks) or not stages or min(stages) < 1:
            raise ValueError(
                f'stages: expected positive numbers that sum to {len(blocks)} '
                f'blocks, got {stages}'
            )
        if position_at_stage_start and len(stages) == 1:
            raise ValueError(
                'position_at_stage_start: has no effect with one stage; expected False'
            )
        self.blocks: Sequence[Block] = nn.ModuleList(blocks)  # type: ignore[assignment]
        self._stage_ends = frozenset(end - 1 for end in accumulate(stages))
        starts = {0} if position_at_stage_start else {0, *accumulate(stages)}
        self._without_position = frozenset(starts)
        self.with_cp = with_cp
        self.schedule = self._checked(schedule or PruneSchedule())

    def _checked(self, schedule: PruneSchedule) -> PruneSchedule:
        if any(block >= len(self.blocks) for block in schedule.blocks):
            raise ValueError(
                f'prune_blocks: expected 0-based blocks below the depth of '
                f'{len(self.blocks)}, got {schedule.blocks}'
            )
        return schedule

    def set_keep_ratio(self, keep_ratio: float) -> None:
        """Prune to another ratio from now on.

        Raises:
            ValueError: if the ratio is not in (0, 1], or nothing is ever pruned.
        """
        self.schedule = replace(self.schedule, keep_ratio=float(keep_ratio))

    def forward(
        self,
        sequence: TokenSequence,
        *,
        keypoints_only: bool = True,
        attention_blocks: Collection[int] = (),
    ) -> EncoderOutput:
        """Run the blocks.

        Args:
            sequence: tokens with their first position encoding already added.
            keypoints_only: leave out what only the visual tokens of the last block
                would need.
            attention_blocks: 0-based blocks whose keypoint attention is wanted, too.

        Raises:
            ValueError: if a block is asked for that is not there.
        """
        return self.through(
            range(len(self.blocks)),
            sequence,
            keypoints_only=keypoints_only,
            attention_blocks=attention_blocks,
        )

    def through(
        self,
        blocks: range,
        sequence: TokenSequence,
        *,
        keypoints_only: bool,
        attention_blocks: Collection[int],
    ) -> EncoderOutput:
        """Run some of the blocks, see `forward`.

        Args:
            blocks: which of them; prunings only in the first that are run.
            sequence: what enters the first of them.
            keypoints_only: leave out what only the visual tokens of the last block
                would need, if it is among them.
            attention_blocks: see `forward`.
        """
        self._check_attention_blocks(attention_blocks)
        run = self._run()
        counts = self.schedule.counts(sequence.num_visual)
        prunings: List[Pruning] = []
        stages: List[Tensor] = []
        seen: List[KeypointAttention] = []
        last = len(self.blocks) - 1
        for index in blocks:
            block = self.blocks[index]
            if index not in self._without_position:
                sequence = sequence.add_position()
            if index in attention_blocks:
                rows = run(block.keypoint_attention, sequence)
                seen.append(KeypointAttention(index, rows, sequence.source))
            if index in counts:
                prune = partial(block.prune, count=counts[index])
                sequence, scores = run(prune, sequence)
                prunings.append(Pruning(index, scores, sequence.source))
            elif index == last and keypoints_only:
                stages.append(run(block.keypoints_only, sequence))
                break
            else:
                sequence = run(block, sequence)
            if index in self._stage_ends:
                stages.append(sequence.keypoints)
        return EncoderOutput(
            tuple(stages),
            tuple(prunings),
            None if keypoints_only else sequence,
            tuple(seen),
        )

    def _run(self) -> Callable[[Callable[[TokenSequence], Any], TokenSequence], Any]:
        twice = self.with_cp and self.training and torch.is_grad_enabled()
        return compute_twice if twice else _compute_once

    def _check_attention_blocks(self, blocks: Collection[int]) -> None:
        if any(not 0 <= block < len(self.blocks) for block in blocks):
            raise ValueError(
                f'attention_blocks: expected 0-based blocks below the depth of '
                f'{len(self.blocks)}, got {tuple(blocks)}'
            )


def _compute_once(step: Callable[[TokenSequence], Any], sequence: TokenSequence) -> Any:
    return step(sequence)
