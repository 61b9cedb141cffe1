"""How well one camera fits the points that it saw."""

import math
from dataclasses import dataclass
from typing import List

import numpy as np

from .calibration import Calibration
from .evidence import Evidence, Points


@dataclass(frozen=True)
class CameraReport:
    """One camera.

    Attributes:
        name: of the camera.
        distance: to the points that it saw (median), or to where the axes meet, m.
        count: keypoints that it saw of points that are known.
        median: of their errors, px; NaN where there are none, as the next two.
        mean: of their errors, px.
        p95: the error that 95 % of them are below, px.
        behind: how many of these points lie behind the camera, and have no error.
    """

    name: str
    distance: float
    count: int = 0
    median: float = math.nan
    mean: float = math.nan
    p95: float = math.nan
    behind: int = 0


def camera_reports(
    calibration: Calibration, evidence: Evidence, points: Points
) -> List[CameraReport]:
    """Compare what each camera saw with where it would see the points."""
    errors, in_front = evidence.errors(calibration.cameras, points)
    reports = []
    for view, name in enumerate(calibration.names):
        known = evidence.seen[:, view] & points.found
        centre = calibration.cameras.centres[view]
        away = (points.points - centre).norm(dim=-1)[known]
        usable = errors[:, view][known & in_front[:, view]].numpy()
        median, mean, p95 = math.nan, math.nan, math.nan
        if usable.size:
            median, p95 = (float(np.percentile(usable, q)) for q in (50, 95))
            mean = float(usable.mean())
        reports.append(
            CameraReport(
                name=name,
                distance=float(away.median()) if away.numel() else math.nan,
                count=int(known.sum()),
                median=median,
                mean=mean,
                p95=p95,
                behind=int(known.sum()) - usable.size,
            )
        )
    return reports
