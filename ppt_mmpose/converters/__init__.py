"""Checkpoints to plain ones: released weights, and students out of distillers."""

from .convert import Conversion, convert_checkpoint
from .engine import ConversionError
from .export_student import StudentExport, export_student

__all__ = [
    'Conversion',
    'ConversionError',
    'StudentExport',
    'convert_checkpoint',
    'export_student',
]
