"""Calibrations of named cameras, read from and written to the formats of the field."""

from .calibration import Calibration

__all__ = ['Calibration']
