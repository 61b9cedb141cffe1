"""Lifting by several hypotheses (MHFormer).

Li et al., *MHFormer: Multi-Hypothesis Transformer for 3D Human Pose Estimation*, 2022,
as HoT's repository has it: it gives every frame. Three hypotheses are made of the
tracks of the joints, refined each for itself, and told of each other. A hypothesis is
one token of each frame, so that a sequence has the shape of one with three joints.
"""

from functools import partial
from typing import Any, Callable, List, Optional, Sequence, Tuple

import torch
from torch import Tensor, nn

from .attention import Attention
from .block import Block
from .cross_attention import CrossAttention
from .feed_forward import DropPath, build_mlp, drop_path_rates
from .hourglass import FramePruning, Hourglass, frame_sequence, look_at_frames
from .spatio_temporal import EPS, FrameOutput, check_depth, lifting_block, no_attention

HYPOTHESES = 3
# Whom each hypothesis asks, and whose keys it reads; values are its own.
ASKED = ((1, 2), (0, 2), (0, 1))


class Generation(nn.Module):
    """One hypothesis out of another: the tracks of coordinates attend to each other.

    A token is the track of one coordinate of one joint over all frames.

    Args:
        tracks: tokens, joints times coordinates.
        frames: T, channels of a token.
        depth: blocks.
        num_heads: H, a divisor of ``frames``.
        mlp_ratio: hidden channels of the MLPs over ``frames``.
        dropout: of tokens as they enter, and in the blocks.
        drop_path: rate of the last block; it grows evenly from 0.
    """

    blocks: Sequence[Block]

    def __init__(
        self,
        tracks: int,
        frames: int,
        *,
        depth: int,
        num_heads: int,
        mlp_ratio: float,
        dropout: float,
        drop_path: float,
    ) -> None:
        super().__init__()
        self.norm_before = nn.LayerNorm(frames)
        self.position = nn.Parameter(torch.zeros(1, tracks, frames))
        self.dropout = nn.Dropout(dropout)
        self.blocks = nn.ModuleList(  # type: ignore[assignment]
            lifting_block(
                frames,
                num_heads=num_heads,
                mlp_ratio=mlp_ratio,
                dropout=dropout,
                drop_path=rate,
            )
            for rate in drop_path_rates(drop_path, depth)
        )
        self.norm_after = nn.LayerNorm(frames, EPS)

    def forward(self, tracks: Tensor) -> Tensor:
        """``(B, tracks, T)`` to the same."""
        tokens = self.dropout(self.norm_before(tracks) + self.position)
        for block in self.blocks:
            tokens = block.mix(tokens)
        return tracks + self.norm_after(tokens)


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

    def forward(self, tokens: Tensor) -> Tensor:
        """``(B, T, 3, C)`` to the same."""
        now = list(tokens.unbind(2))
        for own, others in enumerate(ASKED):
            norms, attention = self.norm1[own], self.attention[own]
            parts = [norm(now[which]) for norm, which in zip(norms, (*others, own))]
            now[own] = self._add(now[own], attention(*parts))
        return self._together(now)


class HypothesisEncoder(nn.Module):
    """2D joints of a sequence of frames to three hypotheses of each frame.

    Args:
        joints: J.
        frames: T, of every sequence.
        dim: C, channels of a hypothesis.
        generation_depth: blocks that make a hypothesis.
        refinement_depth: blocks that refine them; frames are pruned among these.
        interaction_depth: blocks that tell them of each other.
        num_heads: H of refinement and interaction, a divisor of ``dim``.
        track_heads: H of the generation, a divisor of ``frames``.
        hidden: channels of the MLPs over all hypotheses.
        dropout: of tokens as they enter, and in the blocks.
        drop_path: rate of the last blocks; it grows evenly from 0.
        hourglass: prunes and recovers frames; none are pruned when None.

    Raises:
        ValueError: if frames are to be pruned before a block that is not there.
    """

    refinement: Sequence[Refinement]
    interaction: Sequence[Interaction]
    hourglass: Optional[Hourglass]

    def __init__(
        self,
        *,
        joints: int,
        frames: int,
        dim: int,
        generation_depth: int = 4,
        refinement_depth: int = 2,
        interaction_depth: int = 1,
        num_heads: int = 8,
        track_heads: int = 9,
        hidden: int = 1024,
        dropout: float = 0,
        drop_path: float = 0,
        hourglass: Optional[Hourglass] = None,
    ) -> None:
        super().__init__()
        check_depth(hourglass, refinement_depth)
        self.frames = frames
        tracks = 2 * joints
        self.generation = nn.ModuleList(
            Generation(
                tracks,
                frames,
                depth=generation_depth,
                num_heads=track_heads,
                mlp_ratio=2,
                dropout=dropout,
                drop_path=drop_path,
            )
            for _ in range(HYPOTHESES)
        )
        self.embedding = nn.ModuleList(
            nn.Linear(tracks, dim) for _ in range(HYPOTHESES)
        )
        self.positions = nn.ParameterList(
            nn.Parameter(torch.zeros(1, frames, dim)) for _ in range(HYPOTHESES)
        )
        self.dropout = nn.Dropout(dropout)
        rates = drop_path_rates(drop_path, refinement_depth + interaction_depth)
        arguments = dict(num_heads=num_heads, hidden=hidden, dropout=dropout)
        self.refinement = nn.ModuleList(  # type: ignore[assignment]
            Refinement(dim, drop_path=rate, **arguments)  # type: ignore[arg-type]
            for rate in rates[:refinement_depth]
        )
        self.interaction = nn.ModuleList(  # type: ignore[assignment]
            Interaction(dim, drop_path=rate, **arguments)  # type: ignore[arg-type]
            for rate in rates[refinement_depth:]
        )
        self.norm = nn.LayerNorm(HYPOTHESES * dim, EPS)
        self.hourglass = hourglass

    def forward(
        self, keypoints: Tensor, *, chosen: Optional[Sequence[Tensor]] = None
    ) -> FrameOutput:
        """Encode.

        Args:
            keypoints: ``(B, T, J, 2)``.
            chosen: source of each pruning of another pass, to keep the same frames.

        Returns:
            Tokens are ``(B, F, 1, 3 * C)``: all hypotheses of all joints of a frame.
        """
        sequence = frame_sequence(self._hypotheses(keypoints))
        hourglass, prunings = self.hourglass, list[FramePruning]()
        attention: Callable[[], Tensor] = no_attention
        for index, block in enumerate(self.refinement):
            if hourglass is not None and index in hourglass.blocks:
                sequence, pruning = hourglass.prune(
                    sequence,
                    index,
                    keypoints=keypoints,
                    features=partial(torch.flatten, start_dim=2),
                    attention=attention,
                    chosen=chosen,
                )
                prunings.append(pruning)
            attention = partial(block.attention_to_frames, sequence.tokens)
            sequence = sequence.with_tokens(block(sequence.tokens))
        for last in self.interaction:
            sequence = sequence.with_tokens(last(sequence.tokens))
        tokens = self.norm(sequence.tokens.flatten(2))
        sequence = sequence.with_tokens(tokens.unflatten(-1, (HYPOTHESES, -1)))
        if hourglass is not None:
            sequence = hourglass.recover(sequence, keypoints.shape[1])
        tokens = sequence.tokens.flatten(2)[:, :, None]
        return FrameOutput(tokens, sequence.source, tuple(prunings))

    def _hypotheses(self, keypoints: Tensor) -> Tensor:
        """``(B, T, J, 2)`` to tokens ``(B, T, 3, C)``."""
        tracks: Tensor = keypoints.flatten(2).transpose(1, 2)
        hypotheses: Tuple[Tensor, ...] = ()
        for generation, embedding in zip(self.generation, self.embedding):
            tracks = generation(tracks)
            hypotheses = (*hypotheses, embedding(tracks.transpose(1, 2)))
        position = torch.stack(tuple(self.positions), dim=2)
        return self.dropout(torch.stack(hypotheses, dim=2) + position)
