"""Released checkpoints to ours: one engine, one key table per origin."""

from .convert import Conversion, convert_checkpoint
from .engine import ConversionError

__all__ = ['Conversion', 'ConversionError', 'convert_checkpoint']
