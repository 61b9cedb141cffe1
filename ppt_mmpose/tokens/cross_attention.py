"""Attention of one sequence to others: queries, keys and values of their own."""

from torch import Tensor, nn

from .attention import by_head, head_dim, mix


class CrossAttention(nn.Module):
    """Multi-head attention whose queries, keys and values come from three sequences.

    Args:
        dim: C, channels of a token.
        num_heads: H, a divisor of ``dim``.

    Raises:
        ValueError: if the heads do not divide the channels.
    """

    def __init__(self, dim: int, num_heads: int) -> None:
        super().__init__()
        self.num_heads = num_heads
        self.scale = head_dim(dim, num_heads) ** -0.5
        self.query = nn.Linear(dim, dim)
        self.key = nn.Linear(dim, dim)
        self.value = nn.Linear(dim, dim)
        self.projection = nn.Linear(dim, dim)

    def forward(self, queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        """Attend.

        Args:
            queries: ``(B, Q, C)``, or ``(1, Q, C)`` when the samples share them.
            keys: ``(B, L, C)``.
            values: ``(B, L, C)``.

        Returns:
            ``(B, Q, C)``.
        """
        query = self.query(queries).expand(len(keys), -1, -1)
        parts = (query, self.key(keys), self.value(values))
        query, key, value = (by_head(part, self.num_heads) for part in parts)
        return self.projection(mix(query, key, value, self.scale))
