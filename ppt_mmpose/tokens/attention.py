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

    Raises:
        ValueError: if the heads do not divide the channels.
    """

    def __init__(
        self, dim: int, num_heads: int, *, scale: Optional[float] = None
    ) -> None:
        super().__init__()
        if num_heads < 1 or dim % num_heads:
            raise ValueError(
                f'num_heads: expected a divisor of dim={dim}, got {num_heads}'
            )
        self.num_heads = num_heads
        self.scale = (dim // num_heads) ** -0.5 if scale is None else scale
        # Query, key and value in this order, each split by heads; no bias.
        self.qkv = nn.Linear(dim, 3 * dim, bias=False)
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
        if num_queries is None:
            query, key, value = self.qkv(tokens).chunk(3, dim=-1)
        else:
            dim = tokens.shape[-1]
            weight = self.qkv.weight
            query = F.linear(tokens[:, :num_queries], weight[:dim])
            key, value = F.linear(tokens, weight[dim:]).chunk(2, dim=-1)
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
        query_weight, key_weight, _ = self.qkv.weight.chunk(3)
        query = F.linear(tokens[:, :num_queries], query_weight)
        return self._by_head(query), self._by_head(F.linear(tokens, key_weight))

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
        mask = None if present is None else present[:, None, None]
        mixed = F.scaled_dot_product_attention(
            query, key, value, attn_mask=mask, scale=self.scale
        )
        return self.projection(mixed.transpose(1, 2).flatten(2))

    def _by_head(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.num_heads, -1)).transpose(1, 2)


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
