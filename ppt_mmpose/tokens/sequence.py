"""The state of a token sequence, and the one operation that prunes it.

Pruning moves three things at once: the tokens, their position encodings and their
source indices. They live in one immutable record, so no step can move one of them
and forget another, and every kept token can be traced to the patch it came from.
"""

from dataclasses import dataclass, replace
from typing import Optional

import torch
from torch import Tensor


def gather_tokens(tokens: Tensor, indices: Tensor) -> Tensor:
    """Pick tokens by index, for every sample of the batch on its own.

    Args:
        tokens: ``(B, N, ...)``, or ``(1, N, ...)`` when the samples share them.
        indices: ``(B, K)``, int64, each in ``[0, N)``.

    Returns:
        ``(B, K, ...)``, in the order of ``indices``.
    """
    rest = tokens.shape[2:]
    tokens = tokens.expand(indices.shape[0], *tokens.shape[1:])
    index = indices.reshape(*indices.shape, *(1 for _ in rest))
    return tokens.gather(1, index.expand(*indices.shape, *rest))


@dataclass(frozen=True)
class TokenSequence:
    """Keypoint tokens followed by the visual tokens that are still there.

    Attributes:
        tokens: ``(B, J + N, C)``.
        num_keypoints: J.
        source: ``(B, N)``, int64. Index of every visual token in the sequence
            before any pruning (row-major over the patch grid).
        position: ``(B or 1, J + N, C)``, zero in the first J rows, or None.
            Keypoint tokens have no position; the zero rows let one addition serve
            the whole sequence.
        present: ``(B, J + N)``, bool: the tokens that others may attend to, or None
            for all of them.
    """

    tokens: Tensor
    num_keypoints: int
    source: Tensor
    position: Optional[Tensor] = None
    present: Optional[Tensor] = None

    @classmethod
    def begin(
        cls, keypoints: Tensor, visual: Tensor, *, position: Optional[Tensor] = None
    ) -> 'TokenSequence':
        """Put a sequence together, before any pruning. Adds no position yet.

        Args:
            keypoints: ``(1 or B, J, C)``.
            visual: ``(B, N, C)``.
            position: ``(1, N, C)`` or None.

        Raises:
            ValueError: if the channels differ, or the positions do not fit.
        """
        batch, num_visual, channels = visual.shape
        num_keypoints = keypoints.shape[1]
        if keypoints.shape[-1] != channels:
            raise ValueError(
                f'keypoints: expected {channels} channels as in visual, '
                f'got {keypoints.shape[-1]}'
            )
        if position is not None:
            if position.shape[1:] != visual.shape[1:]:
                raise ValueError(
                    f'position: expected (1, {num_visual}, {channels}), '
                    f'got {tuple(position.shape)}'
                )
            zeros = position.new_zeros(position.shape[0], num_keypoints, channels)
            position = torch.cat((zeros, position), dim=1)
        source = torch.arange(num_visual, device=visual.device).expand(batch, -1)
        tokens = torch.cat((keypoints.expand(batch, -1, -1), visual), dim=1)
        return cls(tokens, num_keypoints, source, position)

    @property
    def keypoints(self) -> Tensor:
        """``(B, J, C)``."""
        return self.tokens[:, : self.num_keypoints]

    @property
    def visual(self) -> Tensor:
        """``(B, N, C)``."""
        return self.tokens[:, self.num_keypoints :]

    @property
    def num_visual(self) -> int:
        """N."""
        return self.source.shape[1]

    def rows(self, kept: Tensor) -> Tensor:
        """Rows of the whole sequence that stay when ``kept`` visual tokens stay.

        Args:
            kept: ``(B, K)``, int64, positions among the N visual tokens.

        Returns:
            ``(B, J + K)``, int64: every keypoint row, then the kept visual rows.
        """
        keypoints = torch.arange(self.num_keypoints, device=kept.device)
        keypoints = keypoints.expand(kept.shape[0], -1)
        return torch.cat((keypoints, kept + self.num_keypoints), dim=1)

    def keep(self, kept: Tensor) -> 'TokenSequence':
        """Prune: only these visual tokens go on, in this order.

        Args:
            kept: ``(B, K)``, int64, positions among the N visual tokens.
        """
        rows = self.rows(kept)
        position = self.position
        if position is not None:
            position = gather_tokens(position, rows)
        present = self.present
        if present is not None:
            present = present.gather(1, rows)
        return replace(
            self,
            tokens=gather_tokens(self.tokens, rows),
            source=self.source.gather(1, kept),
            position=position,
            present=present,
        )

    def with_tokens(self, tokens: Tensor) -> 'TokenSequence':
        """The same sequence with new token values ``(B, J + N, C)``."""
        return replace(self, tokens=tokens)

    def add_position(self) -> 'TokenSequence':
        """Add the position encoding to the visual tokens."""
        if self.position is None:
            return self
        return self.with_tokens(self.tokens + self.position)

    def with_more_position(self, more: Tensor) -> 'TokenSequence':
        """The same sequence with an encoding on top of that of the visual tokens.

        Args:
            more: ``(B, N, C)``, of the visual tokens that are there.
        """
        batch, _, channels = more.shape
        zeros = more.new_zeros(batch, self.num_keypoints, channels)
        more = torch.cat((zeros, more), dim=1)
        position = more if self.position is None else self.position + more
        return replace(self, position=position)
