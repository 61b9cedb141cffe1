"""Calibrations of named cameras, read from and written to the formats of the field."""

from .calibration import Calibration
from .files import format_names, read_calibration, write_calibration
from .formats import FORMATS
from .report import Report, reprojection_report

__all__ = [
    'FORMATS',
    'Calibration',
    'Report',
    'format_names',
    'read_calibration',
    'reprojection_report',
    'write_calibration',
]
