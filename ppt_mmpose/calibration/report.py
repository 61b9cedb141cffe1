"""Whether a calibration fits what its cameras saw."""

import math
from dataclasses import dataclass, field
from typing import List, Optional, Tuple

import numpy as np

from . import scale
from .calibration import Calibration
from .camera_report import CameraReport, camera_reports
from .evidence import checked_evidence
from .findings import findings


@dataclass(frozen=True)
class Report:
    """A calibration as a whole; as a string, a table.

    Attributes:
        cameras: one by one.
        spread: the largest distance between two cameras, m.
        meeting_point: where their axes come nearest to each other, m; None if parallel.
        span: of the keypoints of a person, m; None where it is not known.
        compared_with: what errors are measured against; None without keypoints.
        findings: what is wrong, in sentences.
    """

    cameras: Tuple[CameraReport, ...]
    spread: float
    meeting_point: Optional[Tuple[float, ...]]
    span: Optional[float] = None
    compared_with: Optional[str] = None
    findings: List[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = self._table()
        if len(self.cameras) > 1:
            lines.append(f'cameras are up to {self.spread:.2f} m apart')
        if self.meeting_point:
            # Zero is added so that nothing is printed as -0.00.
            rounded = (round(value, 2) + 0.0 for value in self.meeting_point)
            place = ', '.join(f'{value:.2f}' for value in rounded)
            lines.append(f'their axes meet near ({place}) m')
        if self.span is not None:
            lines.append(f'the keypoints of a person span {self.span:.2f} m')
        lines += [f'- {finding}' for finding in self.findings]
        if not self.findings:
            lines.append('nothing wrong was found')
        return '\n'.join(lines)

    def _table(self) -> List[str]:
        width = max(6, *(len(camera.name) for camera in self.cameras))
        lines = [f'{"camera":{width}}  {"distance":>9}']
        if self.compared_with:
            lines[0] += '  points  median    mean     95%  behind'
        for camera in self.cameras:
            line = f'{camera.name:{width}}  {_two_digits(camera.distance, 7)} m'
            if self.compared_with:
                line += f'  {camera.count:6d}'
                for error in (camera.median, camera.mean, camera.p95):
                    line += f'  {_two_digits(error, 6)}'
                line += f'  {camera.behind:6d}'
            lines.append(line)
        if self.compared_with:
            lines.append(f'errors in px, against {self.compared_with}')
        return lines


def _two_digits(number: float, width: int) -> str:
    return f'{"-":>{width}}' if math.isnan(number) else f'{number:{width}.2f}'


def reprojection_report(
    calibration: Calibration,
    keypoints_2d: Optional[np.ndarray] = None,
    scores: Optional[np.ndarray] = None,
    keypoints_3d: Optional[np.ndarray] = None,
) -> Report:
    """Check a calibration, alone or against what its cameras saw of a person.

    Args:
        calibration: V cameras.
        keypoints_2d: ``(T, V, J, 2)``, px; one that is not finite is missing.
        scores: ``(T, V, J)``; 0 or not finite for a keypoint that is missing.
        keypoints_3d: ``(T, J, 3)``, m, as labelled, NaN where unknown; without them,
            errors are measured against triangulated points.

    Raises:
        ValueError: for shapes that do not fit; for other arguments without
            ``keypoints_2d``; for a single camera without ``keypoints_3d``.
    """
    if keypoints_2d is None:
        if scores is not None or keypoints_3d is not None:
            raise ValueError(
                'keypoints_2d: expected keypoints with scores or keypoints_3d, got None'
            )
        return _report_of_cameras_alone(calibration)
    evidence = checked_evidence(len(calibration), keypoints_2d, scores, keypoints_3d)
    points = evidence.points(calibration.cameras)
    cameras = camera_reports(calibration, evidence, points)
    span = scale.person_span(*points)
    return Report(
        cameras=tuple(cameras),
        spread=scale.spread(calibration.cameras),
        meeting_point=_meeting_point(calibration),
        span=span,
        compared_with='triangulated points' if keypoints_3d is None else 'labels',
        findings=findings(calibration.cameras, cameras, evidence, points, span),
    )


def _report_of_cameras_alone(calibration: Calibration) -> Report:
    cameras = calibration.cameras
    middle = scale.meeting_point(cameras)
    distances = [math.nan] * len(calibration)
    if middle is not None:
        distances = (cameras.centres - middle).norm(dim=-1).tolist()
    finding = scale.finding_from_cameras(cameras)
    return Report(
        cameras=tuple(map(CameraReport, calibration.names, distances)),
        spread=scale.spread(cameras),
        meeting_point=_meeting_point(calibration),
        findings=[finding] if finding else [],
    )


def _meeting_point(calibration: Calibration) -> Optional[Tuple[float, ...]]:
    point = scale.meeting_point(calibration.cameras)
    return None if point is None else tuple(point.tolist())
