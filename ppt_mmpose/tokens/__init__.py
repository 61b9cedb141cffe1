"""The token core: a sequence of tokens of which only the useful ones go on.

Plain torch. Nothing here knows MMPose, a registry, a config or an epoch, so the
folder can be lifted into another framework as it is.

Shape letters, the same in every docstring of the package:

======  =====================================================
``B``   batch
``V``   views
``T``   frames
``J``   keypoints (joints), and so keypoint tokens
``N``   visual tokens present
``K``   visual tokens kept by a pruning
``C``   channels of a token
``L``   tokens of a sequence, J + N
``Q``   tokens that ask (queries), the first of a sequence
``H``   attention heads
``S``   stages whose keypoint tokens are concatenated
======  =====================================================

Keypoint tokens come first in every sequence: ``(B, J + N, C)``.
"""

from .attention import Attention
from .block import Block, KeypointAttention, Pruning, build_blocks
from .cross_attention import CrossAttention
from .density_peaks import density_peak_scores
from .dual_stream import DualStreamEncoder
from .encoder import EncoderOutput, PrunedEncoder
from .frame_selection import (
    DensityPeakScores,
    FrameScores,
    SeenFrames,
    attention_scores,
    motion_scores,
    select_frames,
    uniform_scores,
)
from .fusion import FusionEncoder, join_views
from .hourglass import FramePruning, Hourglass, frame_sequence
from .hypotheses import HypothesisEncoder
from .identification import human_token_scores, keep_highest
from .patch import PatchEmbedding, patch_grid
from .position import sine_position_2d
from .recovery import LinearRecovery, NearestRecovery, RecoveringAttention
from .schedule import PruneSchedule, cosine_keep_ratio, keep_count
from .sequence import TokenSequence, gather_tokens
from .spatio_temporal import FrameOutput, SpatioTemporalEncoder

__all__ = [
    'Attention',
    'Block',
    'CrossAttention',
    'DensityPeakScores',
    'DualStreamEncoder',
    'EncoderOutput',
    'FrameOutput',
    'FramePruning',
    'FrameScores',
    'FusionEncoder',
    'Hourglass',
    'HypothesisEncoder',
    'KeypointAttention',
    'LinearRecovery',
    'NearestRecovery',
    'PatchEmbedding',
    'PruneSchedule',
    'PrunedEncoder',
    'Pruning',
    'RecoveringAttention',
    'SeenFrames',
    'SpatioTemporalEncoder',
    'TokenSequence',
    'attention_scores',
    'build_blocks',
    'cosine_keep_ratio',
    'density_peak_scores',
    'frame_sequence',
    'gather_tokens',
    'human_token_scores',
    'join_views',
    'keep_count',
    'keep_highest',
    'motion_scores',
    'patch_grid',
    'select_frames',
    'sine_position_2d',
    'uniform_scores',
]
