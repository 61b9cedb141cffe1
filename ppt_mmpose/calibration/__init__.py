"""Calibrations of named cameras, read from and written to the formats of the field."""

from .calibration import Calibration
from .files import format_names, read_calibration, write_calibration
from .formats import FORMATS

__all__ = [
    'FORMATS',
    'Calibration',
    'format_names',
    'read_calibration',
    'write_calibration',
]
