"""Lifting in two streams: space then time, and time then space (MotionBERT).

Zhu et al., *MotionBERT: A Unified Perspective on Learning Human Motion
Representations*, 2023, its DSTformer. Both streams of a depth see the same tokens; how
much each counts is learned for every token.
"""

from functools import partial
from typing import Callable, List, Optional, Sequence

import torch
from torch import Tensor, nn

from .feed_forward import drop_path_rates
from .hourglass import FramePruning, Hourglass, centre_of, frame_sequence
from .spatio_temporal import (
    EPS,
    FrameOutput,
    along_frames,
    along_joints,
    at_frames,
    attention_to_frames,
    check_centre,
    check_depth,
    lifting_block,
    mean_of_joints,
    no_attention,
)


class StreamBlock(nn.Module):
    """A spatial and a temporal block.

    Args:
        dim: C, channels of a token.
        time_first: which of the two comes first.
        **kwargs: as in `lifting_block`.
    """

    def __init__(self, dim: int, *, time_first: bool, **kwargs: float) -> None:
        super().__init__()
        self.spatial = lifting_block(dim, **kwargs)  # type: ignore[arg-type]
        self.temporal = lifting_block(dim, **kwargs)  # type: ignore[arg-type]
        self.time_first = time_first

    def forward(self, tokens: Tensor, wanted: Optional[Tensor] = None) -> Tensor:
        """Both blocks.

        Args:
            tokens: ``(B, T, J, C)``.
            wanted: ``(B, F)``, int64, the frames whose output is wanted; all when None.

        Returns:
            ``(B, F, J, C)``.
        """
        if self.time_first:
            tokens = along_frames(self.temporal, tokens, wanted)
            return along_joints(self.spatial, tokens)
        return along_frames(self.temporal, along_joints(self.spatial, tokens), wanted)


class DualStreamEncoder(nn.Module):
    """2D joints of a sequence of frames to tokens of each joint and frame.

    Args:
        in_channels: of a joint: x and y, normalised, and confidence.
        dim: C, channels of a token.
        joints: J.
        frames: T, the longest sequence. Shorter ones take the first encodings.
        depth: pairs of streams.
        num_heads: H, a divisor of ``dim``.
        mlp_ratio: hidden channels of the MLPs over ``dim``.
        dropout: of tokens as they enter, and in the blocks.
        drop_path: rate of the last blocks; it grows evenly from 0.
        learned_fusion: learn how much each stream counts; the mean otherwise.
        hourglass: prunes and recovers frames; none are pruned when None.

    Raises:
        ValueError: if frames are to be pruned before a block that is not there.
    """

    space_first: Sequence[StreamBlock]
    time_first: Sequence[StreamBlock]
    fusions: Sequence[nn.Linear]
    hourglass: Optional[Hourglass]

    def __init__(
        self,
        in_channels: int,
        dim: int,
        *,
        joints: int,
        frames: int,
        depth: int,
        num_heads: int,
        mlp_ratio: float = 4,
        dropout: float = 0,
        drop_path: float = 0,
        learned_fusion: bool = True,
        hourglass: Optional[Hourglass] = None,
    ) -> None:
        super().__init__()
        check_depth(hourglass, depth)
        self.embedding = nn.Linear(in_channels, dim)
        self.spatial_position = nn.Parameter(torch.zeros(1, joints, dim))
        self.temporal_position = nn.Parameter(torch.zeros(1, frames, 1, dim))
        self.dropout = nn.Dropout(dropout)
        rates = drop_path_rates(drop_path, depth)
        block = partial(
            StreamBlock, dim, num_heads=num_heads, mlp_ratio=mlp_ratio, dropout=dropout
        )
        self.space_first, self.time_first = (  # type: ignore[assignment]
            nn.ModuleList(block(time_first=late, drop_path=rate) for rate in rates)
            for late in (False, True)
        )
        fusions = [nn.Linear(2 * dim, 2) for _ in rates] if learned_fusion else []
        self.fusions = nn.ModuleList(fusions)  # type: ignore[assignment]
        self.norm = nn.LayerNorm(dim, EPS)
        self.hourglass = hourglass

    def forward(
        self,
        keypoints: Tensor,
        *,
        chosen: Optional[Sequence[Tensor]] = None,
        centre: bool = False,
    ) -> FrameOutput:
        """Encode.

        Args:
            keypoints: ``(B, T, J, in_channels)``.
            chosen: source of each pruning of another pass, to keep the same frames.
            centre: give the centre frame alone; in the last block the others are keys
                and values and no more.
        """
        count, last = keypoints.shape[1], len(self.space_first) - 1
        check_centre(centre, self.hourglass)
        tokens = self.embedding(keypoints) + self.spatial_position
        tokens = self.dropout(tokens + self.temporal_position[:, :count])
        sequence = frame_sequence(tokens)
        hourglass = self.hourglass
        # As list[FramePruning]() it would break the graph of torch.compile.
        prunings: List[FramePruning] = []
        attention: Callable[[], Tensor] = no_attention
        for index in range(len(self.space_first)):
            if hourglass is not None and index in hourglass.blocks:
                sequence, pruning = hourglass.prune(
                    sequence,
                    index,
                    keypoints=keypoints,
                    features=mean_of_joints,
                    attention=attention,
                    chosen=chosen,
                )
                prunings.append(pruning)
            temporal = self.time_first[index].temporal
            attention = partial(attention_to_frames, [(temporal, sequence.tokens)])
            wanted = centre_of(sequence, count) if centre and index == last else None
            tokens = self._streams(index, sequence.tokens, wanted)
            sequence = at_frames(sequence, wanted).with_tokens(tokens)
        sequence = sequence.with_tokens(self.norm(sequence.tokens))
        if hourglass is not None:
            sequence = hourglass.recover(sequence, count)
        return FrameOutput(sequence.tokens, sequence.source, tuple(prunings))

    def _streams(self, index: int, tokens: Tensor, wanted: Optional[Tensor]) -> Tensor:
        first = self.space_first[index](tokens, wanted)
        second = self.time_first[index](tokens, wanted)
        if not self.fusions:
            return (first + second) * 0.5
        shares = self.fusions[index](torch.cat((first, second), dim=-1)).softmax(-1)
        return first * shares[..., :1] + second * shares[..., 1:]
