"""Full length again: from the frames that were kept to all of them (HoT, TRA).

Each way takes tokens ``(B, K, J, C)`` of the frames in ``source (B, K)``, which ascend,
and gives tokens ``(B, T, J, C)``.
"""

from typing import Tuple

import torch
from torch import Tensor, nn

from .cross_attention import CrossAttention
from .sequence import gather_tokens


class RecoveringAttention(nn.Module):
    """Token recovering attention: each frame asks the kept ones of its joint.

    One learned query for each frame, the same for all joints, attends once; what it
    finds is added to it. No norm and no MLP.

    Args:
        dim: C, channels of a token.
        num_heads: H, a divisor of ``dim``.
        frames: T, the longest sequence.
    """

    def __init__(self, dim: int, num_heads: int, frames: int) -> None:
        super().__init__()
        self.queries = nn.Parameter(torch.zeros(1, frames, dim))
        self.attention = CrossAttention(dim, num_heads)

    def forward(self, tokens: Tensor, source: Tensor, frames: int) -> Tensor:
        """Recover; see the module."""
        batch, _, joints, _ = tokens.shape
        queries = self.queries[:, :frames]
        kept = tokens.transpose(1, 2).flatten(0, 1)
        recovered = queries + self.attention(queries, kept, kept)
        return recovered.unflatten(0, (batch, joints)).transpose(1, 2)


class NearestRecovery(nn.Module):
    """Each frame takes the tokens of the nearest kept one; of two, the earlier."""

    def forward(self, tokens: Tensor, source: Tensor, frames: int) -> Tensor:
        """Recover; see the module."""
        before, after, share = _neighbours(source, frames)
        return gather_tokens(tokens, torch.where(share > 0.5, after, before))


class LinearRecovery(nn.Module):
    """Each frame takes tokens in between those of the kept ones around it.

    Before the first and after the last kept frame, theirs.
    """

    def forward(self, tokens: Tensor, source: Tensor, frames: int) -> Tensor:
        """Recover; see the module."""
        before, after, share = _neighbours(source, frames)
        first, second = (gather_tokens(tokens, index) for index in (before, after))
        return torch.lerp(first, second, share[:, :, None, None].to(tokens.dtype))


def _neighbours(source: Tensor, frames: int) -> Tuple[Tensor, Tensor, Tensor]:
    """Kept frames around each frame.

    Returns:
        positions among the kept ones of the last not after it and of the first after
        it, and how far it is from the one to the other, 0 to 1; ``(B, T)`` each.
    """
    times = torch.arange(frames, device=source.device).expand(len(source), -1)
    source = source.contiguous()
    right = torch.searchsorted(source, times.contiguous(), right=True)
    last = source.shape[1] - 1
    before, after = (right - 1).clamp(min=0), right.clamp(max=last)
    begin, end = source.gather(1, before), source.gather(1, after)
    share = (times - begin).float() / (end - begin).clamp(min=1).float()
    return before, after, share.clamp(0, 1)
