"""What a model sees: its tokens recorded and drawn.

Pictures are ``(height, width, 3)`` arrays, uint8, RGB. Layers are counted from 1 in
captions, as in the papers, and blocks from 0 in the code.
"""

from .attention_maps import draw_attention_maps
from .constraints import as_markdown, strongest_constraints
from .crops import crop_image, draw_skeleton, enlarge
from .figures import FIGURES, draw_figures, write_figures
from .fused_attention import FusedAttention, draw_fused_attention, fused_attention
from .heatmaps import draw_heatmaps
from .instant_figures import draw_instant
from .kept_tokens import draw_kept_tokens
from .keypoint_matrices import (
    draw_inner_products,
    draw_keypoint_attention,
    inner_products,
)
from .recording import find_token_estimator, fuses_views, record_tokens
from .token_pass import TokenPass, TokenRecord

__all__ = [
    'FIGURES',
    'FusedAttention',
    'TokenPass',
    'TokenRecord',
    'as_markdown',
    'crop_image',
    'draw_attention_maps',
    'draw_figures',
    'draw_fused_attention',
    'draw_heatmaps',
    'draw_inner_products',
    'draw_instant',
    'draw_kept_tokens',
    'draw_keypoint_attention',
    'draw_skeleton',
    'enlarge',
    'find_token_estimator',
    'fused_attention',
    'fuses_views',
    'inner_products',
    'record_tokens',
    'strongest_constraints',
    'write_figures',
]
