"""Calibrations of named cameras, read from and written to the formats of the field."""

from .calibration import Calibration
from .files import format_names, read_calibration, write_calibration
from .formats import FORMATS
from .plain_cameras import camera_dicts, stacked_cameras
from .report import Report, reprojection_report

__all__ = [
    'FORMATS',
    'Calibration',
    'Report',
    'camera_dicts',
    'format_names',
    'read_calibration',
    'reprojection_report',
    'stacked_cameras',
    'write_calibration',
]
