"""What is wrong with a calibration, in sentences."""

import math
from typing import List, Optional, Sequence

import numpy as np

from ..geometry import Cameras
from .camera_report import CameraReport
from .conventions import explains, mistake_of_all, mistake_of_one
from .evidence import Evidence, Points
from .scale import MISTAKES, finding_from_people

# Errors below this, px, are those of keypoints, not of cameras.
_NOISE = 5.0
_FAR_ABOVE = 3.0


def findings(
    cameras: Cameras,
    reports: Sequence[CameraReport],
    evidence: Evidence,
    points: Points,
    span: Optional[float],
) -> List[str]:
    """All that is found against the evidence, the most general first.

    Args:
        cameras: V.
        reports: one of each camera.
        evidence: what they saw.
        points: what they make of it.
        span: of the keypoints of a person, m.
    """
    now = evidence.misfit(cameras, points)
    if now > _NOISE:
        general = _other_unit(cameras, evidence, now)
        mistake = None if general else mistake_of_all(cameras, evidence, now)
        if mistake:
            general = f'convention: all cameras fit if {mistake}'
        if general:
            # What it explains is not told of each camera again.
            return [general]
    unit = None if span is None else finding_from_people(span)
    found = [unit] if unit else []
    if len(cameras) > 2 or (len(cameras) == 2 and evidence.labels is not None):
        for view in range(len(cameras)):
            found += _finding_of_camera(cameras, view, reports, evidence)
    return found + _lost_points(evidence, points)


def _other_unit(cameras: Cameras, evidence: Evidence, now: float) -> Optional[str]:
    """Whether the labels would fit in another unit."""
    if evidence.labels is None:
        return None
    for factor, mistake in MISTAKES.items():
        labels = Points(evidence.labels * factor, evidence.points(cameras).found)
        if explains(now, evidence.misfit(cameras, labels)):
            return (
                f'unit: the 3D keypoints fit the cameras when multiplied by {factor:g}:'
                f' the calibration has another unit than they ({mistake})'
            )
    return None


def _finding_of_camera(
    cameras: Cameras, view: int, reports: Sequence[CameraReport], evidence: Evidence
) -> List[str]:
    report = reports[view]
    others = [other.median for other in reports if other is not report and other.count]
    usual = float(np.nanmedian(others)) if others else math.nan
    # Not a number is never larger.
    stands_out = report.median > max(_NOISE, _FAR_ABOVE * usual)
    if not stands_out and report.behind * 2 <= report.count:
        return []
    sentence = (
        f'camera {report.name!r} does not fit the others: median error '
        f'{report.median:.3g} px, theirs {usual:.3g} px, and {report.behind} of '
        f'{report.count} points are behind it'
    )
    mistake = mistake_of_one(cameras, view, evidence)
    return [f'{sentence}; it fits if {mistake}' if mistake else sentence]


def _lost_points(evidence: Evidence, points: Points) -> List[str]:
    several = evidence.seen.sum(1) >= 2
    if evidence.labels is not None:
        return []
    lost, all_of_them = int((several & ~points.found).sum()), int(several.sum())
    if lost * 2 <= all_of_them:
        return []
    return [
        f'{lost} of {all_of_them} points that two cameras or more saw were not found: '
        'the cameras do not agree on where they are'
    ]
