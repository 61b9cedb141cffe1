"""The one transformer block, which may prune its sequence on the way.

Pre-norm attention and MLP with residuals (TokenPose, figure 2). A pruning block
drops visual tokens after attention and its residual, before the MLP, where the
released PPT does it. Tokens that are about to go get no attention output and no MLP.
"""

from dataclasses import dataclass
from typing import List, Optional, Tuple

from torch import Tensor, nn

from .attention import Attention
from .feed_forward import DropPath, build_mlp
from .identification import human_token_scores, keep_highest
from .sequence import TokenSequence, gather_tokens


@dataclass(frozen=True)
class Pruning:
    """What one pruning saw and chose.

    Attributes:
        block: 0-based block in which it happened.
        scores: ``(B, N)``, float32, of the tokens present before it.
        source: ``(B, K)``, int64, original patch indices of the tokens that
            stayed, in descending order of their score.
    """

    block: int
    scores: Tensor
    source: Tensor


@dataclass(frozen=True)
class KeypointAttention:
    """Whom the keypoints look at in one block.

    Attributes:
        block: 0-based block.
        attention: ``(B, J, J + N)``, float32, mean over the heads; the columns are
            the tokens of the sequence that enters the block, rows sum to 1.
        source: ``(B, N)``, int64, original patch indices of its visual columns.
    """

    block: int
    attention: Tensor
    source: Tensor


class Block(nn.Module):
    """Attention, then MLP, each after a layer norm and with a residual.

    Args:
        dim: C, channels of a token.
        attention: built attention of the same ``dim``.
        mlp_ratio: hidden channels of the MLP over ``dim``.
        eps: of the layer norms.
        dropout: part of the channels that a training drops after the attention and
            after each layer of the MLP.
        drop_path: how often a training leaves out what attention or MLP adds to a
            sequence (stochastic depth).
    """

    def __init__(
        self,
        dim: int,
        attention: Attention,
        *,
        mlp_ratio: float = 3,
        eps: float = 1e-5,
        dropout: float = 0,
        drop_path: float = 0,
    ) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(dim, eps)
        self.attention = attention
        self.norm2 = nn.LayerNorm(dim, eps)
        self.mlp = build_mlp(dim, int(dim * mlp_ratio), dropout=dropout)
        self.dropout = nn.Dropout(dropout)
        self.drop_path = DropPath(drop_path)

    def forward(self, sequence: TokenSequence) -> TokenSequence:
        """All tokens go through."""
        return sequence.with_tokens(self.mix(sequence.tokens, sequence.present))

    def mix(self, tokens: Tensor, present: Optional[Tensor] = None) -> Tensor:
        """All of some tokens go through.

        Args:
            tokens: ``(B, L, C)``.
            present: ``(B, L)``, bool: those that others may attend to; all when None.

        Returns:
            ``(B, L, C)``.
        """
        attended = self.attention.attend(
            *self.attention.project(self.norm1(tokens)), present
        )
        return self._mlp(tokens + self.drop_path(self.dropout(attended)))

    def mix_some(self, some: Tensor, tokens: Tensor) -> Tensor:
        """Some tokens go through, and attend to all, when nobody reads the others.

        Args:
            some: ``(B, Q, C)``, those of ``tokens`` whose output is wanted.
            tokens: ``(B, L, C)``.

        Returns:
            ``(B, Q, C)``.
        """
        attended = self.attention.attend(
            *self.attention.project_apart(self.norm1(some), self.norm1(tokens))
        )
        return self._mlp(some + self.drop_path(self.dropout(attended)))

    def prune(
        self, sequence: TokenSequence, count: int
    ) -> Tuple[TokenSequence, Tensor]:
        """Keep the visual tokens that the keypoints look at most.

        Args:
            sequence: N visual tokens.
            count: K, how many of them stay.

        Returns:
            The sequence with K visual tokens in descending order of their score,
            and the scores ``(B, N)`` that were ranked.
        """
        query, key, value = self.attention.project(self.norm1(sequence.tokens))
        keypoint_query = query[:, :, : sequence.num_keypoints].detach()
        present = sequence.present
        scores = human_token_scores(
            self.attention.probabilities(keypoint_query, key.detach(), present)
        )
        kept = keep_highest(scores, count)
        query = gather_tokens(query.transpose(1, 2), sequence.rows(kept))
        sequence = sequence.keep(kept)
        attended = self.attention.attend(query.transpose(1, 2), key, value, present)
        attended = self.drop_path(self.dropout(attended))
        return sequence.with_tokens(self._mlp(sequence.tokens + attended)), scores

    def keypoints_only(self, sequence: TokenSequence) -> Tensor:
        """Output of the keypoint tokens alone, when nobody reads the others.

        Returns:
            ``(B, J, C)``.
        """
        attended = self.attention.attend(
            *self.attention.project(
                self.norm1(sequence.tokens), num_queries=sequence.num_keypoints
            ),
            sequence.present,
        )
        attended = self.drop_path(self.dropout(attended))
        return self._mlp(sequence.keypoints + attended)

    def keypoint_attention(self, sequence: TokenSequence) -> Tensor:
        """Attention of the keypoints' rows, for who wants to see or distil it.

        Apart from the other ways through the block, which stay as fast as they are.
        Gradients flow; who does not want them detaches.

        Returns:
            ``(B, J, J + N)``, float32, mean over the heads.
        """
        query, key = self.attention.queries_and_keys(
            self.norm1(sequence.tokens), sequence.num_keypoints
        )
        return self.attention.probabilities(query, key, sequence.present).mean(dim=1)

    def _mlp(self, tokens: Tensor) -> Tensor:
        return tokens + self.drop_path(self.mlp(self.norm2(tokens)))


def build_blocks(
    depth: int,
    dim: int,
    *,
    num_heads: int,
    mlp_ratio: float = 3,
    scale: Optional[float] = None,
) -> List[Block]:
    """``depth`` blocks of the same kind; arguments as in Attention and Block."""
    return [
        Block(dim, Attention(dim, num_heads, scale=scale), mlp_ratio=mlp_ratio)
        for _ in range(depth)
    ]
