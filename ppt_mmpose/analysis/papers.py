"""The costs of the papers' tables: two rules that no other tool follows.

Total (TokenPose, tables 2 and 3; PPT, column GFLOPs): the numbers are what the model
summary of the released repositories gives. It takes the input's second dimension for
the channels of a linear layer. For tokens ``(B, L, C)`` that is L, so a linear layer
costs its outputs times the number of tokens. Attention products do not count. That the
authors used this rule is inferred: it gives all their numbers to the printed digit but
one (PPT-L/D6, whose number fits prune blocks 1, 3 and 4, not the released code's 3).

Transformer only (PPT, table 1, column GFLOPs^T): ``10 L C^2 + 2 L^2 C`` a block, which
is real but for the details of pruning.

Both are in units of 1024^3, and both are of the released structure: there all queries
of a pruning block get an attention output, and the last block computes all tokens.
"""

import math
from dataclasses import dataclass
from typing import List, Optional

from torch import nn

from ppt_mmpose.models import TokenPoseHead, TokenPoseNeck

from .multiply_adds import MultiplyAdds
from .tokens_per_block import tokens_per_block


@dataclass(frozen=True)
class ReleasedLinear:
    """A linear layer of the released structure, and how many tokens it gets."""

    tokens: int
    in_features: int
    out_features: int


def released_linears(neck: TokenPoseNeck, head: TokenPoseHead) -> List[ReleasedLinear]:
    """Linear layers of the released structure, at the keep ratio of the neck.

    The patch embedding is one of them: released as a linear layer, a convolution here.
    """
    blocks = tokens_per_block(neck)
    patches = neck.patch_embedding.projection
    layers = [
        ReleasedLinear(
            blocks[0].before, patches.weight[0].numel(), patches.out_channels
        )
    ]
    for block, tokens in zip(neck.encoder.blocks, blocks):
        before = tokens.keypoints + tokens.before
        after = tokens.keypoints + tokens.after
        layers += _given(before, block.attention)
        layers += _given(after, block.mlp)
    return layers + _given(blocks[0].keypoints, head.projection)


def _given(tokens: int, module: nn.Module) -> List[ReleasedLinear]:
    return [
        ReleasedLinear(tokens, layer.in_features, layer.out_features)
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
        layer.tokens * layer.out_features * layer.tokens for layer in linears
    )


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
        cost += sum(tokens * x.in_features * x.out_features for x in linears)
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
