"""Blocks of MHFormer's hypotheses: refined each for itself, and told of each other.

Three tokens of each frame, one of each hypothesis; see `ppt_mmpose.tokens.hypotheses`.
"""

from typing import Any, List, Optional, Sequence

import torch
from torch import Tensor, nn

from .attention import Attention
from .cross_attention import CrossAttention
from .feed_forward import DropPath, build_mlp
from .hourglass import look_at_frames
from .sequence import gather_tokens
from .spatio_temporal import EPS

HYPOTHESES = 3
# Whom each hypothesis asks, and whose keys it reads; values are its own.
ASKED = ((1, 2), (0, 2), (0, 1))


class _Joint(nn.Module):
    """An MLP over all hypotheses of a frame together, with its norm and residual."""

    def __init__(self, dim: int, hidden: int, dropout: float, drop_path: float) -> None:
        super().__init__()
        wide = HYPOTHESES * dim
        self.norm2 = nn.LayerNorm(wide, EPS)
        self.mlp = build_mlp(wide, hidden, dropout=dropout)
        self.dropout = nn.Dropout(dropout)
        self.drop_path = DropPath(drop_path)

    def _together(self, hypotheses: Sequence[Tensor]) -> Tensor:
        """Three of ``(B, T, C)`` to ``(B, T, 3, C)``."""
        wide = torch.cat(tuple(hypotheses), dim=-1)
        wide = wide + self.drop_path(self.mlp(self.norm2(wide)))
        return wide.unflatten(-1, (HYPOTHESES, -1))

    def _add(self, hypothesis: Tensor, attended: Tensor) -> Tensor:
        return hypothesis + self.drop_path(self.dropout(attended))


class Refinement(_Joint):
    """Frames of each hypothesis attend to each other; then the MLP (SHR).

    Args:
        dim: C, channels of a hypothesis.
        num_heads: H, a divisor of ``dim``.
        hidden: channels of the MLP.
        dropout: after attention, and in the MLP.
        drop_path: how often a training leaves a branch out.
    """

    norm1: Any
    attention: Any

    def __init__(
        self, dim: int, *, num_heads: int, hidden: int, dropout: float, drop_path: float
    ) -> None:
        super().__init__(dim, hidden, dropout, drop_path)
        self.norm1 = nn.ModuleList(nn.LayerNorm(dim, EPS) for _ in range(HYPOTHESES))
        self.attention = nn.ModuleList(
            Attention(dim, num_heads, qkv_bias=True) for _ in range(HYPOTHESES)
        )

    def forward(self, tokens: Tensor) -> Tensor:
        """``(B, T, 3, C)`` to the same."""
        refined = []
        for one, norm, attention in zip(tokens.unbind(2), self.norm1, self.attention):
            attended = attention.attend(*attention.project(norm(one)))
            refined.append(self._add(one, attended))
        return self._together(refined)

    def attention_to_frames(self, tokens: Tensor) -> Tensor:
        """How much frames look at each frame, ``(B, T)``."""
        rows: List[Tensor] = []
        for one, norm, attention in zip(tokens.unbind(2), self.norm1, self.attention):
            query, key = attention.queries_and_keys(norm(one), tokens.shape[1])
            rows.append(attention.probabilities(query, key))
        return look_at_frames(rows)


class Interaction(_Joint):
    """Each hypothesis asks the others, one after the other; then the MLP (CHI).

    The second sees the first as it has become, the third both.

    Args:
        dim: C, channels of a hypothesis.
        num_heads: H, a divisor of ``dim``.
        hidden: channels of the MLP.
        dropout: after attention, and in the MLP.
        drop_path: how often a training leaves a branch out.
    """

    norm1: Any
    attention: Any

    def __init__(
        self, dim: int, *, num_heads: int, hidden: int, dropout: float, drop_path: float
    ) -> None:
        super().__init__(dim, hidden, dropout, drop_path)
        # Of the query, the key and the value of each.
        self.norm1 = nn.ModuleList(
            nn.ModuleList(nn.LayerNorm(dim, EPS) for _ in range(3))
            for _ in range(HYPOTHESES)
        )
        self.attention = nn.ModuleList(
            CrossAttention(dim, num_heads) for _ in range(HYPOTHESES)
        )

    def forward(self, tokens: Tensor, wanted: Optional[Tensor] = None) -> Tensor:
        """Ask, then the MLP.

        Args:
            tokens: ``(B, T, 3, C)``.
            wanted: ``(B, F)``, int64, the frames whose output is wanted; all when None.

        Returns:
            ``(B, F, 3, C)``.
        """
        now = list(tokens.unbind(2))
        for own, (asked, keys) in enumerate(ASKED):
            of_query, of_key, of_value = self.norm1[own]
            seen = of_key(now[keys]), of_value(now[own])
            if wanted is not None and own == HYPOTHESES - 1:
                # All frames of the first two were read by those after them.
                now = [gather_tokens(one, wanted) for one in now]
            attended = self.attention[own](of_query(now[asked]), *seen)
            now[own] = self._add(now[own], attended)
        return self._together(now)
