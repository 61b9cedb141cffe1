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
from .encoder import EncoderOutput, PrunedEncoder
from .fusion import FusionEncoder, join_views
from .identification import human_token_scores, keep_highest
from .patch import PatchEmbedding, patch_grid
from .position import sine_position_2d
from .schedule import PruneSchedule, cosine_keep_ratio, keep_count
from .sequence import TokenSequence, gather_tokens

__all__ = [
    'Attention',
    'Block',
    'EncoderOutput',
    'FusionEncoder',
    'KeypointAttention',
    'PatchEmbedding',
    'PruneSchedule',
    'PrunedEncoder',
    'Pruning',
    'TokenSequence',
    'build_blocks',
    'cosine_keep_ratio',
    'gather_tokens',
    'human_token_scores',
    'join_views',
    'keep_count',
    'keep_highest',
    'patch_grid',
    'sine_position_2d',
]
