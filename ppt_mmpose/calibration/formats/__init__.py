"""One file for each format of calibrations, and the table of them all."""

from typing import Dict

from . import anipose, pose2sim
from .format import Format

FORMATS: Dict[str, Format] = {
    module.FORMAT.name: module.FORMAT for module in (anipose, pose2sim)
}

__all__ = ['FORMATS', 'Format']
