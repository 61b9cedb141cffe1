"""The costs of the papers' tables: three rules that no other tool follows.

Total (TokenPose, tables 2 and 3; PPT, column GFLOPs): the numbers are what the model
summary of the released repositories gives. It takes the input's second dimension for
the channels of a linear layer. For tokens ``(B, L, C)`` that is L, so a linear layer
costs its outputs times the number of tokens. Attention products do not count. That the
authors used this rule is inferred: it gives all their numbers to the printed digit but
one (PPT-L/D6, whose number fits prune blocks 1, 3 and 4, not the released code's 3).

Transformer only (PPT, table 1, column GFLOPs^T): ``10 L C^2 + 2 L^2 C`` a block, which
is real but for the details of pruning.

Both are in units of 1024^3.

Several views (PPT, tables 4 and 6, column MACs): convolutions, linear layers and batch
norms of all views of an instant, in 10^9; no attention products. This, too, is inferred
from the numbers: it gives 9.7 and 14.5 of multi-view PPT with four and six views, and
11.2 and 16.8 of TokenPose. The 9.6 of PPT without fusion is 9.65 by it, and the 11.5 of
TokenPose with transformers does not follow.

All are of the released structure: there all queries of a pruning block get an attention
output, the last block computes all tokens, and rays of all patches are encoded.
"""

import math
from dataclasses import dataclass
from typing import List, Optional, Sequence

from torch import nn

from ppt_mmpose.models import MultiViewTokenPoseNeck, TokenPoseHead, TokenPoseNeck

from .multiply_adds import MultiplyAdds
from .tokens_per_block import BlockTokens, tokens_per_block


@dataclass(frozen=True)
class ReleasedLinear:
    """A linear layer of the released structure, and how many tokens it gets.

    Attributes:
        tokens: of one sequence.
        in_features: channels that come in.
        out_features: channels that come out.
        sequences: how many it gets.
    """

    tokens: int
    in_features: int
    out_features: int
    sequences: int = 1

    @property
    def multiply_adds(self) -> int:
        """What it really needs."""
        return self.sequences * self.tokens * self.in_features * self.out_features


def released_linears(
    neck: TokenPoseNeck, head: TokenPoseHead, blocks: Sequence[BlockTokens]
) -> List[ReleasedLinear]:
    """Linear layers of the released structure.

    The patch embedding is one of them: released as a linear layer, a convolution here.

    Args:
        neck: whose patches and blocks they are.
        head: whose projection is the last of them.
        blocks: tokens of the neck's blocks (`tokens_per_block`).
    """
    views, patches_of_view = blocks[0].sequences, blocks[0].before
    patches = neck.patch_embedding.projection
    layers = [
        ReleasedLinear(
            patches_of_view, patches.weight[0].numel(), patches.out_channels, views
        )
    ]
    if isinstance(neck, MultiViewTokenPoseNeck) and neck.fuse and neck.position_3d:
        layers += _given(patches_of_view, neck.position_3d, views)
    for block, tokens in zip(neck.encoder.blocks, blocks):
        before = tokens.keypoints + tokens.before
        after = tokens.keypoints + tokens.after
        layers += _given(before, block.attention, tokens.sequences)
        layers += _given(after, block.mlp, tokens.sequences)
    return layers + _given(blocks[0].keypoints, head.projection, views)


def _given(tokens: int, module: nn.Module, sequences: int = 1) -> List[ReleasedLinear]:
    return [
        ReleasedLinear(tokens, layer.in_features, layer.out_features, sequences)
        for layer in module.modules()
        if isinstance(layer, nn.Linear)
    ]


def papers_total(convolution: int, linears: List[ReleasedLinear]) -> int:
    """Cost of a model by the rule of the papers' totals.

    Args:
        convolution: multiply-adds of the convolutions before the patch embedding.
        linears: all linear layers.
    """
    return convolution + sum(
        layer.sequences * layer.tokens * layer.out_features * layer.tokens
        for layer in linears
    )


def papers_views(
    convolution: int, normalised: int, linears: List[ReleasedLinear]
) -> int:
    """Cost of a model by the rule of the paper's tables of several views.

    Args:
        convolution: as in `papers_total`, of all views.
        normalised: numbers that batch norms give, of all views.
        linears: all linear layers.
    """
    return convolution + 2 * normalised + sum(layer.multiply_adds for layer in linears)


def papers_transformer(neck: TokenPoseNeck, *, prunes_first: bool = True) -> int:
    """Cost of the blocks by the rule of the papers' transformer-only column.

    Args:
        neck: at its keep ratio.
        prunes_first: a pruning block counts with the tokens that it leaves, as in the
            printed 0.89 of PPT-S and B; off, with those that come in, as in the
            printed 0.50 of PPT-L/D6 (prune blocks 1, 3 and 4). No one rule gives both.
    """
    schedule = neck.encoder.schedule
    blocks = tokens_per_block(neck)
    cost = 0
    for index, block in enumerate(neck.encoder.blocks):
        first = index + 1 if prunes_first else index
        prunings = sum(pruned < first for pruned in schedule.blocks)
        visual = papers_keep_count(blocks[0].before, schedule.keep_ratio, prunings)
        tokens = blocks[0].keypoints + visual
        linears = _given(tokens, block)
        cost += sum(layer.multiply_adds for layer in linears)
        cost += 2 * tokens**2 * block.attention.qkv.in_features
    return cost


def papers_keep_count(num_tokens: int, keep_ratio: float, prunings: int) -> int:
    """Tokens that are left after so many prunings, as the PPT paper counts them.

    It names 88 for the last of 180, 126 and 88 of 256 at a ratio of 0.7, and the
    printed 0.89 needs that. Rounding up once gives them, as is inferred; the released
    code rounds at every pruning, and has 89.
    """
    return math.ceil(num_tokens * keep_ratio**prunings)


def outside_the_papers(model: nn.Module, backbone: MultiplyAdds) -> Optional[str]:
    """Why the papers' rules say nothing about a model; None if they do.

    Args:
        model: a pose estimator.
        backbone: what its backbone needs.
    """
    for name, kind in (('neck', TokenPoseNeck), ('head', TokenPoseHead)):
        part = getattr(model, name, None)
        if not isinstance(part, kind):
            found = 'none' if part is None else type(part).__name__
            return f'they are for a {name} of type {kind.__name__}; this one is {found}'
    if backbone.linear or backbone.attention:
        return 'they are for a backbone of convolutions; this one has other layers'
    return None
