"""How many visual tokens stay, and when (PPT, sections 3.1 and 4.1)."""

import math
from dataclasses import dataclass
from typing import Dict, Tuple


def keep_count(num_tokens: int, keep_ratio: float) -> int:
    """Tokens that stay of ``num_tokens``: the product, rounded up.

    The product is taken in floating point on purpose, as the released code does:
    now and then it is a hair above a whole number and keeps one token more.
    """
    return math.ceil(num_tokens * keep_ratio)


@dataclass(frozen=True)
class PruneSchedule:
    """In which blocks a sequence is pruned, and to which part each time.

    Attributes:
        blocks: 0-based blocks in which visual tokens are pruned, ascending. The
            paper counts from 1: its layers 4, 7 and 10 are blocks 3, 6 and 9.
        keep_ratio: part of the tokens present that stays at each pruning, in
            (0, 1]. At 1 nothing is pruned.

    Raises:
        ValueError: if the ratio or the blocks make no sense.
    """

    blocks: Tuple[int, ...] = ()
    keep_ratio: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.keep_ratio <= 1:
            raise ValueError(
                f'keep_ratio: expected a number in (0, 1], got {self.keep_ratio}'
            )
        if any(b < 0 for b in self.blocks) or list(self.blocks) != sorted(
            set(self.blocks)
        ):
            raise ValueError(
                'prune_blocks: expected ascending 0-based block numbers, '
                f'got {self.blocks}'
            )
        if self.keep_ratio < 1 and not self.blocks:
            raise ValueError(
                f'keep_ratio: {self.keep_ratio} has no effect on a model without '
                'prune_blocks; expected 1'
            )

    def counts(self, num_tokens: int) -> Dict[int, int]:
        """Tokens that stay at each pruning; empty when nothing is pruned.

        Args:
            num_tokens: N before the first pruning.
        """
        if self.keep_ratio == 1:
            return {}
        counts = {}
        for block in self.blocks:
            num_tokens = keep_count(num_tokens, self.keep_ratio)
            counts[block] = num_tokens
        return counts


def cosine_keep_ratio(step: int, *, begin: int, end: int, target: float) -> float:
    """Keep ratio while training: 1 until ``begin``, then a half cosine to ``target``.

    Args:
        step: steps done so far.
        begin: the last step at which the ratio is 1.
        end: the first step at which the ratio is ``target``.
        target: ratio from ``end`` on, in (0, 1].
    """
    if step >= end:
        return target
    if step <= begin:
        return 1.0
    progress = (step - begin) / (end - begin)
    return target + (1 - target) * 0.5 * (1 + math.cos(math.pi * progress))
