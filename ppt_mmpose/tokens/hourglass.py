"""The hourglass: frames are pruned on the way in, and come back at the end (HoT).

A frame is pruned with all its tokens. Pruned once it is HoT; more often, hierarchical
pruning (as its follow-up H2OT describes it). Without recovery what remains are the kept
frames (HoT's TPC models, which give one frame).
"""

from dataclasses import dataclass
from typing import Callable, List, Optional, Sequence, Tuple

import torch
from torch import Tensor, nn

from .frame_selection import FrameScores, SeenFrames, select_frames
from .sequence import TokenSequence, gather_tokens


@dataclass(frozen=True)
class FramePruning:
    """What one pruning of frames saw and chose.

    Attributes:
        block: 0-based block before which it happened.
        scores: ``(B, T)`` of the frames that were there; None where the choice was
            given.
        source: ``(B, K)``, int64, original indices of the frames that stayed,
            ascending.
    """

    block: int
    scores: Optional[Tensor]
    source: Tensor


class Hourglass(nn.Module):
    """When frames go, which, and how they come back.

    Args:
        dim: C, channels of a token.
        frames: T, the longest sequence.
        blocks: 0-based blocks before which frames are pruned, ascending, from 1 on.
        counts: K, how many frames stay at each of them, descending.
        scores: the way of scoring frames.
        recovery: gives the full length again (`ppt_mmpose.tokens.recovery`); None
            leaves the kept frames.
        position: add a learned encoding to the frames that are kept, right after each
            pruning, as HoT does.
        keep_centre: the centre frame always stays.

    Raises:
        ValueError: if the numbers do not fit each other.
    """

    def __init__(
        self,
        dim: int,
        frames: int,
        *,
        blocks: Sequence[int],
        counts: Sequence[int],
        scores: FrameScores,
        recovery: Optional[nn.Module] = None,
        position: bool = True,
        keep_centre: bool = False,
    ) -> None:
        super().__init__()
        _check_blocks(blocks)
        self.frames = frames
        self.blocks = tuple(blocks)
        self.counts = self._checked(counts)
        self.scores = scores
        self.recovery = recovery
        self.keep_centre = keep_centre
        self.positions = nn.ParameterList(
            nn.Parameter(torch.zeros(1, count, dim)) for count in counts if position
        )

    @property
    def leaves_centre(self) -> bool:
        """Whether frames stay away, and the centre one is always among those left."""
        return self.recovery is None and self.keep_centre

    def set_kept_frames(self, counts: Sequence[int]) -> None:
        """Keep other numbers of frames from now on, with the same weights.

        Args:
            counts: K of each pruning, descending.

        Raises:
            ValueError: if they do not fit, or there is no learned encoding for so many.
        """
        counts = self._checked(counts)
        learned = [position.shape[1] for position in self.positions]
        if learned and any(count > most for count, most in zip(counts, learned)):
            raise ValueError(
                f'kept_frames: expected at most {tuple(learned)}, of which there is a '
                f'learned encoding, got {counts}'
            )
        self.counts = counts

    def _checked(self, counts: Sequence[int]) -> Tuple[int, ...]:
        """Numbers of frames, each smaller than the one before."""
        steps = (self.frames, *counts)
        falls = all(after < before for before, after in zip(steps, counts))
        if len(counts) != len(self.blocks) or not falls or min(counts) < 1:
            raise ValueError(
                f'kept_frames: expected descending numbers below {self.frames} frames, '
                f'one for each of the prune_blocks {self.blocks}, got {tuple(counts)}'
            )
        return tuple(counts)

    def prune(
        self,
        sequence: TokenSequence,
        block: int,
        *,
        keypoints: Tensor,
        features: Callable[[Tensor], Tensor],
        attention: Callable[[], Tensor],
        chosen: Optional[Sequence[Tensor]] = None,
    ) -> Tuple[TokenSequence, FramePruning]:
        """Let frames go before a block.

        All frames stay of a sequence that has no more than are to be kept.

        Args:
            sequence: tokens ``(B, T', J, C)`` of the frames that are there.
            block: one of ``self.blocks``.
            keypoints: ``(B, T, J, 2 or more)`` that entered the model, of all frames.
            features: from tokens to one vector for each frame, ``(B, T', C)``.
            attention: see `SeenFrames`.
            chosen: source of each pruning of another pass, to keep the same frames.
        """
        step = self.blocks.index(block)
        scores: Optional[Tensor] = None
        if chosen is not None:
            kept = torch.searchsorted(sequence.source.contiguous(), chosen[step])
        else:
            seen = SeenFrames(
                features(sequence.tokens),
                gather_tokens(keypoints, sequence.source),
                attention,
            )
            count = min(self.counts[step], sequence.num_visual)
            centre = sequence.source == keypoints.shape[1] // 2
            with torch.no_grad():
                kept, scores = select_frames(
                    self.scores, seen, count, centre if self.keep_centre else None
                )
        sequence = sequence.keep(kept)
        if self.positions:
            position = self.positions[step][:, : sequence.num_visual, None]
            sequence = sequence.with_tokens(sequence.tokens + position)
        return sequence, FramePruning(block, scores, sequence.source)

    def recover(self, sequence: TokenSequence, frames: int) -> TokenSequence:
        """Give the full length again, if there is a way to.

        Args:
            sequence: tokens ``(B, K, J, C)`` of the kept frames.
            frames: T.
        """
        if self.recovery is None:
            return sequence
        tokens = self.recovery(sequence.tokens, sequence.source, frames)
        return frame_sequence(tokens)


def frame_sequence(tokens: Tensor) -> TokenSequence:
    """A whole sequence of frames, before any pruning.

    Args:
        tokens: ``(B, T, J, C)``.
    """
    batch, frames = tokens.shape[:2]
    source = torch.arange(frames, device=tokens.device).expand(batch, -1)
    return TokenSequence(tokens, 0, source)


def centre_of(sequence: TokenSequence, frames: int) -> Tensor:
    """Where the centre frame is among those that are there; it has to be.

    Args:
        sequence: tokens ``(B, K, J, C)`` of some of the frames.
        frames: T, before any pruning.

    Returns:
        ``(B, 1)``, int64.
    """
    return (sequence.source == frames // 2).int().argmax(dim=1, keepdim=True)


def look_at_frames(attention: Sequence[Tensor]) -> Tensor:
    """How much frames look at each frame, of explicit attention.

    Args:
        attention: some of ``(B, ..., T, T)``, rows sum to 1.

    Returns:
        ``(B, T)``, mean over all that look.
    """
    means: List[Tensor] = [one.flatten(1, -2).mean(dim=1) for one in attention]
    return torch.stack(means).mean(dim=0)


def _check_blocks(blocks: Sequence[int]) -> None:
    ascending = list(blocks) == sorted(set(blocks))
    if not blocks or not ascending or min(blocks) < 1:
        raise ValueError(
            'prune_blocks: expected ascending 0-based blocks from 1 on, got '
            f'{tuple(blocks)}'
        )
