"""Lifting by turns: joints of a frame attend, then frames of a joint (MixSTE).

Zhang et al., *MixSTE: Seq2seq Mixed Spatio-Temporal Encoder for 3D Human Pose
Estimation in Video*, 2022, as HoT's repository has it: one norm after all spatial
blocks and one after all temporal ones, each shared by all depths.
"""

from dataclasses import dataclass
from functools import partial
from typing import Callable, List, Optional, Sequence, Tuple

import torch
from torch import Tensor, nn

from .attention import Attention
from .block import Block
from .feed_forward import drop_path_rates
from .hourglass import (
    FramePruning,
    Hourglass,
    centre_of,
    frame_sequence,
    look_at_frames,
)
from .sequence import TokenSequence, gather_tokens

# Of the layer norms of all lifters, heads aside.
EPS = 1e-6


@dataclass(frozen=True)
class FrameOutput:
    """What comes out of a lifter's encoder.

    Attributes:
        tokens: ``(B, F, J, C)`` of F frames: all T, those that were kept, or the centre
            one alone.
        source: ``(B, F)``, int64, ascending: which frames those are.
        prunings: one record per pruning, in order; empty when nothing was pruned.
    """

    tokens: Tensor
    source: Tensor
    prunings: Tuple[FramePruning, ...]


class SpatioTemporalEncoder(nn.Module):
    """2D joints of a sequence of frames to tokens of each joint and frame.

    Args:
        in_channels: of a joint: x and y, normalised, and maybe more.
        dim: C, channels of a token.
        joints: J.
        frames: T, the longest sequence. Shorter ones take the first encodings.
        depth: pairs of a spatial and a temporal block.
        num_heads: H, a divisor of ``dim``.
        mlp_ratio: hidden channels of the MLPs over ``dim``.
        drop_path: rate of the last pair of blocks; it grows evenly from 0.
        hourglass: prunes and recovers frames; none are pruned when None.

    Raises:
        ValueError: if frames are to be pruned before a block that is not there.
    """

    spatial: Sequence[Block]
    temporal: Sequence[Block]
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
        mlp_ratio: float = 2,
        drop_path: float = 0,
        hourglass: Optional[Hourglass] = None,
    ) -> None:
        super().__init__()
        check_depth(hourglass, depth)
        self.embedding = nn.Linear(in_channels, dim)
        self.spatial_position = nn.Parameter(torch.zeros(1, joints, dim))
        self.temporal_position = nn.Parameter(torch.zeros(1, frames, dim))
        rates = drop_path_rates(drop_path, depth)
        block = partial(lifting_block, dim, num_heads=num_heads, mlp_ratio=mlp_ratio)
        self.spatial, self.temporal = (  # type: ignore[assignment]
            nn.ModuleList(block(drop_path=rate) for rate in rates) for _ in range(2)
        )
        self.spatial_norm = nn.LayerNorm(dim, EPS)
        self.temporal_norm = nn.LayerNorm(dim, EPS)
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
        count, last = keypoints.shape[1], len(self.temporal) - 1
        check_centre(centre, self.hourglass)
        sequence = frame_sequence(self.embedding(keypoints) + self.spatial_position)
        hourglass = self.hourglass
        # As list[FramePruning]() it would break the graph of torch.compile.
        prunings: List[FramePruning] = []
        attention: Callable[[], Tensor] = no_attention
        for index, (spatial, temporal) in enumerate(zip(self.spatial, self.temporal)):
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
            tokens = self.spatial_norm(along_joints(spatial, sequence.tokens))
            if index == 0:
                tokens = tokens + self.temporal_position[:, :count, None]
            attention = partial(attention_to_frames, [(temporal, tokens)])
            wanted = centre_of(sequence, count) if centre and index == last else None
            tokens = self.temporal_norm(along_frames(temporal, tokens, wanted))
            sequence = at_frames(sequence, wanted).with_tokens(tokens)
        if hourglass is not None:
            sequence = hourglass.recover(sequence, count)
        return FrameOutput(sequence.tokens, sequence.source, tuple(prunings))


def lifting_block(
    dim: int, *, num_heads: int, mlp_ratio: float, drop_path: float, dropout: float = 0
) -> Block:
    """A block as the lifters have it: biases for queries, keys and values."""
    return Block(
        dim,
        Attention(dim, num_heads, qkv_bias=True),
        mlp_ratio=mlp_ratio,
        eps=EPS,
        dropout=dropout,
        drop_path=drop_path,
    )


def along_joints(block: Block, tokens: Tensor) -> Tensor:
    """Let joints of a frame attend to each other; ``(B, T, J, C)`` to the same."""
    mixed = block.mix(tokens.flatten(0, 1))
    return mixed.unflatten(0, tokens.shape[:2])


def along_frames(
    block: Block, tokens: Tensor, wanted: Optional[Tensor] = None
) -> Tensor:
    """Let frames of a joint attend to each other.

    Args:
        block: of all joints.
        tokens: ``(B, T, J, C)``.
        wanted: ``(B, F)``, int64, the frames whose output is wanted; all when None.

    Returns:
        ``(B, F, J, C)``.
    """
    by_joint = tokens.transpose(1, 2)
    batch, rows = by_joint.shape[:2], by_joint.flatten(0, 1)
    if wanted is None:
        mixed = block.mix(rows)
    else:
        some = gather_tokens(tokens, wanted).transpose(1, 2).flatten(0, 1)
        mixed = block.mix_some(some, rows)
    return mixed.unflatten(0, batch).transpose(1, 2)


def at_frames(sequence: TokenSequence, wanted: Optional[Tensor]) -> TokenSequence:
    """Some frames of a sequence, ``(B, F)`` by position; all when None."""
    return sequence if wanted is None else sequence.keep(wanted)


def check_centre(centre: bool, hourglass: Optional[Hourglass]) -> None:
    """Refuse to give the centre frame alone where more of them are read, or it may go.

    Raises:
        ValueError: naming both.
    """
    if centre and hourglass is not None and not hourglass.leaves_centre:
        raise ValueError(
            'centre: expected False for an hourglass with a recovery, or without '
            'keep_centre=True, got True'
        )


def attention_to_frames(looks: List[Tuple[Block, Tensor]]) -> Tensor:
    """How much frames look at each frame, for who wants to choose by it.

    Args:
        looks: temporal blocks, and the tokens ``(B, T, J, C)`` that entered each.

    Returns:
        ``(B, T)``, mean over heads, joints and frames that look.
    """
    seen = []
    for block, tokens in looks:
        batch, frames, joints, _ = tokens.shape
        by_joint = block.norm1(tokens.transpose(1, 2).flatten(0, 1))
        attention = block.attention
        query, key = attention.queries_and_keys(by_joint, frames)
        rows = attention.probabilities(query, key)
        seen.append(rows.unflatten(0, (batch, joints)))
    return look_at_frames(seen)


def mean_of_joints(tokens: Tensor) -> Tensor:
    """``(B, T, J, C)`` to ``(B, T, C)``."""
    return tokens.mean(dim=2)


def check_depth(hourglass: Optional[Hourglass], depth: int) -> None:
    """Refuse prunings before blocks that are not there.

    Raises:
        ValueError: naming both.
    """
    if hourglass is not None and max(hourglass.blocks) >= depth:
        raise ValueError(
            f'prune_blocks: expected 0-based blocks below the depth of {depth}, got '
            f'{hourglass.blocks}'
        )


def no_attention() -> Tensor:
    """What stands for the temporal attention before the first block."""
    raise RuntimeError('no temporal attention before the first block')
