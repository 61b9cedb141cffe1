"""Multi-head self-attention: fused, and only for the rows that are asked for."""

from contextlib import nullcontext
from typing import ContextManager, Optional, Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Attention(nn.Module):
    """Multi-head self-attention.

    It is taken apart into its steps because a pruning layer needs them one by one:
    project all tokens, look at the keypoints' rows of the attention, choose, then
    attend for the queries that stay.

    Args:
        dim: C, channels of a token.
        num_heads: H, a divisor of ``dim``.
        scale: factor on the dot products; ``(C / H) ** -0.5`` when None. The
            released TokenPose-S and PPT-S use ``C ** -0.5`` instead.
        qkv_bias: add a bias to queries, keys and values, as video lifters do.

    Raises:
        ValueError: if the heads do not divide the channels.
    """

    def __init__(
        self,
        dim: int,
        num_heads: int,
        *,
        scale: Optional[float] = None,
        qkv_bias: bool = False,
    ) -> None:
        super().__init__()
        self.num_heads = num_heads
        self.scale = head_dim(dim, num_heads) ** -0.5 if scale is None else scale
        # Query, key and value in this order, each split by heads.
        self.qkv = nn.Linear(dim, 3 * dim, bias=qkv_bias)
        self.projection = nn.Linear(dim, dim)

    def project(
        self, tokens: Tensor, *, num_queries: Optional[int] = None
    ) -> Tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values by head.

        Args:
            tokens: ``(B, L, C)``.
            num_queries: compute queries for the first ``num_queries`` rows only;
                all L when None.

        Returns:
            query ``(B, H, num_queries, C / H)``, key and value ``(B, H, L, C / H)``.
        """
        if num_queries is not None:
            return self.project_apart(tokens[:, :num_queries], tokens)
        query, key, value = self.qkv(tokens).chunk(3, dim=-1)
        return self._by_head(query), self._by_head(key), self._by_head(value)

    def project_apart(
        self, some: Tensor, tokens: Tensor
    ) -> Tuple[Tensor, Tensor, Tensor]:
        """Queries of some tokens, keys and values of all.

        Args:
            some: ``(B, Q, C)``.
            tokens: ``(B, L, C)``.

        Returns:
            query ``(B, H, Q, C / H)``, key and value ``(B, H, L, C / H)``.
        """
        query = self._linear(some, 0, 1)
        key, value = self._linear(tokens, 1, 3).chunk(2, dim=-1)
        return self._by_head(query), self._by_head(key), self._by_head(value)

    def queries_and_keys(
        self, tokens: Tensor, num_queries: int
    ) -> Tuple[Tensor, Tensor]:
        """Queries of the first rows and all keys, where no values are wanted.

        Args:
            tokens: ``(B, L, C)``.
            num_queries: Q.

        Returns:
            query ``(B, H, Q, C / H)`` and key ``(B, H, L, C / H)``.
        """
        query = self._linear(tokens[:, :num_queries], 0, 1)
        return self._by_head(query), self._by_head(self._linear(tokens, 1, 2))

    def probabilities(
        self, query: Tensor, key: Tensor, present: Optional[Tensor] = None
    ) -> Tensor:
        """Explicit attention, for the few rows that somebody wants to see.

        Args:
            query: ``(B, H, Q, C / H)``.
            key: ``(B, H, L, C / H)``.
            present: ``(B, L)``, bool: the keys that are looked at; all when None.

        Returns:
            ``(B, H, Q, L)``, float32 (float64 for float64 input), also where autocast
            would multiply in a lower precision: rounded dot products would change who
            is pruned, and those above 65504 would be no numbers in float16. Rows sum
            to 1.
        """
        dtype = torch.promote_types(query.dtype, torch.float32)
        with without_autocast(query.device):
            logits = query.to(dtype) @ key.to(dtype).transpose(-2, -1) * self.scale
            if present is not None:
                logits = logits.masked_fill(~present[:, None, None], -torch.inf)
            return logits.softmax(dim=-1)

    def attend(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        present: Optional[Tensor] = None,
    ) -> Tensor:
        """Fused attention and output projection.

        Args:
            query: ``(B, H, Q, C / H)``.
            key: ``(B, H, L, C / H)``.
            value: ``(B, H, L, C / H)``.
            present: ``(B, L)``, bool: the keys that are looked at; all when None.

        Returns:
            ``(B, Q, C)``.
        """
        return self.projection(mix(query, key, value, self.scale, present))

    def _linear(self, tokens: Tensor, begin: int, end: int) -> Tensor:
        """Some of the query, key and value of tokens, which are 0 to 3."""
        dim, bias = tokens.shape[-1], self.qkv.bias
        rows = slice(begin * dim, end * dim)
        return F.linear(
            tokens, self.qkv.weight[rows], None if bias is None else bias[rows]
        )

    def _by_head(self, x: Tensor) -> Tensor:
        return by_head(x, self.num_heads)


def head_dim(dim: int, num_heads: int) -> int:
    """Channels of a head.

    Raises:
        ValueError: if the heads do not divide the channels.
    """
    if num_heads < 1 or dim % num_heads:
        raise ValueError(f'num_heads: expected a divisor of dim={dim}, got {num_heads}')
    return dim // num_heads


def by_head(x: Tensor, num_heads: int) -> Tensor:
    """``(B, L, C)`` as ``(B, H, L, C / H)``."""
    return x.unflatten(-1, (num_heads, -1)).transpose(1, 2)


def mix(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    scale: float,
    present: Optional[Tensor] = None,
) -> Tensor:
    """Fused attention; arguments as in `Attention.attend`.

    Returns:
        ``(B, Q, C)``, values of each head side by side.
    """
    mask = None if present is None else present[:, None, None]
    mixed = F.scaled_dot_product_attention(
        query, key, value, attn_mask=mask, scale=scale
    )
    return mixed.transpose(1, 2).flatten(2)


def without_autocast(device: torch.device) -> ContextManager:
    """Leave operators on a device in the precision of what they are given."""
    # Where there is nothing to switch off, exported graphs should not say so.
    return (
        torch.autocast(device.type, enabled=False) if _casts(device) else nullcontext()
    )


def _casts(device: torch.device) -> bool:
    try:
        return torch.is_autocast_enabled(device.type)
    except TypeError:  # before torch 2.4, which can be asked for a kind of device
        return device.type != 'meta'
    except RuntimeError:  # a kind of device without autocast, such as meta
        return False
