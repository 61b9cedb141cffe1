"""One file for each format of calibrations, and the table of them all."""

from typing import Dict

from . import (
    anipose,
    easymocap,
    h36m,
    krt_text,
    mmpose_cameras,
    opencv,
    panoptic,
    pose2sim,
    voxelpose,
)
from .format import Format

FORMATS: Dict[str, Format] = {
    module.FORMAT.name: module.FORMAT
    for module in (
        anipose,
        pose2sim,
        easymocap,
        opencv,
        panoptic,
        h36m,
        mmpose_cameras,
        voxelpose,
        krt_text,
    )
}

__all__ = ['FORMATS', 'Format']
