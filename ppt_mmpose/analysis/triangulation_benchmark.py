"""What triangulation costs, beside a loop over points, and how right it is."""

import time
from dataclasses import asdict, dataclass
from typing import Any, Callable, Dict, Iterable, List, Optional, Sequence, Tuple, Union

import numpy as np
import torch
from mmengine.fileio import dump as write

from ppt_mmpose.geometry import METHODS, triangulate

from .camera_ring import RingRecording, record_ring
from .latency import Latency, expect_at_least, machine, measure_latency, thread_count

# Of cameras, keypoints (T, V, J, 2) and scores (T, V, J): a point (3,), NaN for none,
# and its views, one after the other.
Loop = Callable[..., Iterable[Tuple[np.ndarray, Sequence[int]]]]
# A loop that has fewer points than this in its time gets no more views.
FEW = 10
# Points (n, 3), and which of them were found (n,).
_Found = Tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class TriangulationCost:
    """A method on the keypoints of some cameras.

    Attributes:
        views: V.
        method: one of `geometry.METHODS`.
        loop: whether it is the loop, or ours.
        points: number of points that were measured, J for each instant.
        time: of all these points.
        per_point: median time of one of them, us.
        found: share of the points that were found.
        median_error: of those, from the true point, mm; None where there are none.
        high_error: the 99th percentile of the same.
        speedup: of ours, time of the loop of the same method over its own; None
            without such a loop.
    """

    views: int
    method: str
    loop: bool
    points: int
    time: Latency
    per_point: float
    found: float
    median_error: Optional[float]
    high_error: Optional[float]
    speedup: Optional[float]


@dataclass(frozen=True)
class TriangulationBenchmark:
    """What was measured, and on what."""

    keypoints: int
    instants: int
    noise: float
    wrong: float
    loop_seconds: float
    costs: List[TriangulationCost]
    machine: Dict[str, Union[str, int, float]]

    def as_dict(self) -> Dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def benchmark_triangulation(
    views: Sequence[int],
    *,
    keypoints: int = 133,
    instants: int = 1000,
    noise: float = 2.0,
    wrong: float = 0.1,
    repeats: int = 5,
    threads: Optional[int] = None,
    loops: Optional[Dict[str, Loop]] = None,
    loop_seconds: float = 2.0,
    out: Optional[str] = None,
) -> TriangulationBenchmark:
    """Triangulate what made-up cameras on a ring see, by all methods in turns.

    Args:
        views: numbers of cameras; done from the lowest to the highest.
        keypoints: J.
        instants: T.
        noise: standard deviation of the keypoints' coordinates, px.
        wrong: share of keypoints that are off by far more.
        repeats: rounds that are timed.
        threads: of PyTorch; those that it would take when None.
        loops: by method, the usual loop to compare with.
        loop_seconds: a loop gets as many points as it does in this time, at least one;
            one that does fewer than `FEW` is left out with more views.
        out: JSON file for all of it.

    Raises:
        ValueError: for a number that cannot be, or a loop of an unknown method.
    """
    loops = dict(loops or {})
    _check(views, keypoints, instants, noise, wrong, repeats, loops, loop_seconds)
    costs: List[TriangulationCost] = []
    with thread_count(threads):
        measured_on = dict(machine(torch.device('cpu')), repeats=repeats)
        for count in sorted(views):
            recording = record_ring(
                count, keypoints=keypoints, instants=instants, noise=noise, wrong=wrong
            )
            costs += _costs(recording, loops, loop_seconds, repeats)
            for cost in costs:
                if cost.loop and cost.points < min(FEW, keypoints * instants):
                    loops.pop(cost.method, None)
    found = TriangulationBenchmark(
        keypoints, instants, noise, wrong, loop_seconds, costs, measured_on
    )
    if out:
        write(found.as_dict(), out, file_format='json', indent=2)
    return found


def _check(
    views: Sequence[int],
    keypoints: int,
    instants: int,
    noise: float,
    wrong: float,
    repeats: int,
    loops: Dict[str, Loop],
    loop_seconds: float,
) -> None:
    expect_at_least(
        views=(min(views, default=0), 2),
        keypoints=(keypoints, 1),
        instants=(instants, 1),
        repeats=(repeats, 2),
    )
    if not noise >= 0:
        raise ValueError(f'noise: expected 0 px or more, got {noise:g}')
    if not 0 <= wrong <= 1:
        raise ValueError(f'wrong: expected a share in [0, 1], got {wrong:g}')
    if not loop_seconds > 0:
        raise ValueError(f'loop_seconds: expected more than 0, got {loop_seconds:g}')
    for method in loops:
        if method not in METHODS:
            raise ValueError(f'loops: expected some of {METHODS}, got {method!r}')


class _Ours:
    """A method of ours; keeps what it found."""

    loop = False

    def __init__(self, recording: RingRecording, method: str) -> None:
        self.recording, self.method = recording, method

    def __call__(self) -> None:
        seen = self.recording
        self._result = triangulate(
            seen.cameras, seen.keypoints, seen.scores, method=self.method
        )

    def result(self) -> _Found:
        points, found = self._result.points, self._result.found
        return points.reshape(-1, 3).numpy(), found.flatten().numpy()


class _Looped:
    """A loop over points; keeps what it found.

    The first call settles how many points all later ones do.
    """

    loop = True

    def __init__(
        self, recording: RingRecording, method: str, loop: Loop, seconds: float
    ) -> None:
        self.recording, self.method = recording, method
        self._loop, self._seconds = loop, seconds
        self._arrays = recording.keypoints.numpy(), recording.scores.numpy()
        self._count = 0

    def __call__(self) -> None:
        end = time.perf_counter() + self._seconds
        points = []
        for point, _ in self._loop(self.recording.cameras, *self._arrays):
            points.append(point)
            if self._count:
                if len(points) == self._count:
                    break
            elif time.perf_counter() >= end:
                break
        self._points, self._count = np.stack(points), len(points)

    def result(self) -> _Found:
        return self._points, np.isfinite(self._points).all(axis=1)


def _costs(
    recording: RingRecording, loops: Dict[str, Loop], seconds: float, repeats: int
) -> List[TriangulationCost]:
    """Costs of all methods, and then of the loops."""
    passes: List[Union[_Ours, _Looped]] = [
        _Looped(recording, method, loop, seconds) for method, loop in loops.items()
    ]
    passes += [_Ours(recording, method) for method in METHODS]
    times = measure_latency(passes, repeats=repeats, device=torch.device('cpu'))
    loop_times: Dict[str, float] = {}
    costs = []
    for one, taken in zip(passes, times):
        points, found = one.result()
        per_point = 1000 * taken.median / len(points)
        if one.loop:
            loop_times[one.method] = per_point
        looped = None if one.loop else loop_times.get(one.method)
        truth = recording.points.reshape(-1, 3).numpy()[: len(points)]
        costs.append(
            TriangulationCost(
                len(recording.cameras),
                one.method,
                one.loop,
                len(points),
                taken,
                per_point,
                float(found.mean()),
                *_errors(points[found], truth[found]),
                None if looped is None else looped / per_point,
            )
        )
    return sorted(costs, key=lambda cost: cost.loop)


def _errors(
    points: np.ndarray, truth: np.ndarray
) -> Tuple[Optional[float], Optional[float]]:
    """Median and 99th percentile of distances, mm."""
    if not len(points):
        return None, None
    distances = 1000 * np.linalg.norm(points - truth, axis=1)
    median, high = np.percentile(distances, [50, 99])
    return float(median), float(high)
