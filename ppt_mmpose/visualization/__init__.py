"""What a model sees: its tokens recorded and drawn."""

from .crops import crop_image, draw_skeleton, enlarge
from .kept_tokens import draw_kept_tokens
from .recording import TokenPass, TokenRecord, record_tokens

__all__ = [
    'TokenPass',
    'TokenRecord',
    'crop_image',
    'draw_kept_tokens',
    'draw_skeleton',
    'enlarge',
    'record_tokens',
]
