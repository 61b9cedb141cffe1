"""Lifting by several hypotheses (MHFormer).

Li et al., *MHFormer: Multi-Hypothesis Transformer for 3D Human Pose Estimation*, 2022,
as HoT's repository has it: it gives every frame. Three hypotheses are made of the
tracks of the joints, refined each for itself, and told of each other. A hypothesis is
one token of each frame, so that a sequence has the shape of one with three joints.
"""

from functools import partial
from typing import Callable, List, Optional, Sequence, Tuple

import torch
from torch import Tensor, nn

from .block import Block
from .feed_forward import drop_path_rates
from .hourglass import (
    FramePruning,
    Hourglass,
    centre_of,
    frame_sequence,
)
from .hypothesis_blocks import HYPOTHESES, Interaction, Refinement
from .spatio_temporal import (
    EPS,
    FrameOutput,
    at_frames,
    check_centre,
    check_depth,
    lifting_block,
    no_attention,
)


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
        self,
        keypoints: Tensor,
        *,
        chosen: Optional[Sequence[Tensor]] = None,
        centre: bool = False,
    ) -> FrameOutput:
        """Encode.

        Args:
            keypoints: ``(B, T, J, 2)``.
            chosen: source of each pruning of another pass, to keep the same frames.
            centre: give the centre frame alone; in the last block the others are keys
                and values and no more.

        Returns:
            Tokens are ``(B, F, 1, 3 * C)``: all hypotheses of all joints of a frame.
        """
        sequence = frame_sequence(self._hypotheses(keypoints))
        hourglass = self.hourglass
        # As list[FramePruning]() it would break the graph of torch.compile.
        prunings: List[FramePruning] = []
        check_centre(centre, hourglass)
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
        for index, last in enumerate(self.interaction, start=1):
            final = centre and index == len(self.interaction)
            wanted = centre_of(sequence, keypoints.shape[1]) if final else None
            tokens = last(sequence.tokens, wanted)
            sequence = at_frames(sequence, wanted).with_tokens(tokens)
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
