"""Whether a long video runs in constant memory, and how fast, with lifters compared."""

import time
from dataclasses import asdict, dataclass
from typing import Any, Dict, List, Optional, Sequence, Union

import torch
from mmengine.fileio import dump as write

from ppt_mmpose.apis.pose_2d import Estimator2D, ImageEstimator
from ppt_mmpose.apis.video import VideoPoseInferencer
from ppt_mmpose.frames import frame_stream

from .latency import expect_at_least, machine
from .resident import resident_memory


@dataclass(frozen=True)
class Pass:
    """One of the passes over a video.

    Attributes:
        name: ``'2D'``, or the config of the lifter.
        frames: how many frames, of all people together in 3D, were done at each
            reading.
        seconds: since the pass began, at each reading.
        memory: resident, MiB, at each reading.
    """

    name: str
    frames: List[int]
    seconds: List[float]
    memory: List[float]

    @property
    def speed(self) -> float:
        """Frames a second of the whole pass."""
        return self.frames[-1] / self.seconds[-1]


@dataclass(frozen=True)
class VideoBenchmark:
    """What was measured, and on what.

    Attributes:
        video: its name.
        length: frames.
        people: tracks.
        passes: of all models.
        machine: as :func:`~ppt_mmpose.analysis.latency.machine` tells it.
    """

    video: str
    length: int
    people: int
    passes: List[Pass]
    machine: Dict[str, Union[str, int, float]]

    def as_dict(self) -> Dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


class _Readings:
    """Takes time and memory every so many frames."""

    def __init__(self, name: str, every: int) -> None:
        self._every = every
        self._next = every
        self._start = time.perf_counter()
        self.found = Pass(name, [], [], [])

    def tell(self, _: str, done: int, total: Optional[int]) -> None:
        """What inferencers call."""
        if done >= self._next or done == total:
            self.found.frames.append(done)
            self.found.seconds.append(time.perf_counter() - self._start)
            self.found.memory.append(resident_memory())
            self._next = (done // self._every + 1) * self._every


def benchmark_video(
    video: str,
    lifters: Sequence[str],
    *,
    pose2d: Union[str, Estimator2D],
    pose2d_weights: Optional[str] = None,
    device: Optional[str] = None,
    every: int = 1000,
    batch_size: int = 8,
    flip: bool = True,
    out: Optional[str] = None,
) -> VideoBenchmark:
    """Find people in a video once, and lift them with each lifter.

    Speed does not depend on weights: those of lifters are arbitrary.

    Args:
        video: a file.
        lifters: configs.
        pose2d: config or name of the 2D model, or an estimator.
        pose2d_weights: its checkpoint.
        device: of all models.
        every: so many frames lie between two readings.
        batch_size: frames through the 2D model, and windows through a lifter, at once.
        flip: let lifters look at the mirrored sequence as well, as they do in tests.
        out: JSON file for all of it.

    Raises:
        ValueError: for numbers that cannot be, a video or models that are none; or
            where the system is not Linux.
    """
    expect_at_least(every=(every, 1), batch_size=(batch_size, 1))
    if not lifters:
        raise ValueError('lifters: expected configs of one or more, got none')
    frame_stream(video)  # raises before models are built
    if isinstance(pose2d, str):
        pose2d = ImageEstimator(pose2d, pose2d_weights, device)
    options: Dict[str, Any] = dict(pose2d=pose2d, device=device)
    first = VideoPoseInferencer(lifters[0], **options)
    readings = _Readings('2D', every)
    tracks = first.track(video, batch_size=batch_size, progress=readings.tell)
    passes = [readings.found]
    for name in lifters:
        inferencer = VideoPoseInferencer(
            name, lifting=dict(batch_size=batch_size), **options
        )
        inferencer.lifter.model.test_cfg['flip_test'] = flip
        readings = _Readings(name, every)
        inferencer.lift(tracks, progress=readings.tell)
        passes.append(readings.found)
    found = VideoBenchmark(
        str(video),
        tracks.length,
        len(tracks.tracks),
        passes,
        machine(torch.device(device or 'cpu')),
    )
    if out:
        write(found.as_dict(), out, file_format='json', indent=2)
    return found


def video_report(found: VideoBenchmark) -> str:
    """Markdown tables: speed of each pass, and memory over the frames."""
    lifting = found.passes[1:]
    rows = [
        f'| {one.name} | {one.speed:.1f} | {_ratio(one, lifting)} |'
        f' {one.memory[0]:.0f} | {max(one.memory):.0f} | {one.memory[-1]:.0f} |'
        for one in found.passes
    ]
    return '\n'.join(
        [
            f'{found.length} frames, {found.people} people',
            '',
            '| pass | frames a second | of the first lifter | MiB at first | at most |'
            ' at last |',
            '|---' * 6 + '|',
            *rows,
            '',
            '{cores} cores, {threads} threads, load before {load}.'.format(
                **found.machine
            ),
        ]
    )


def _ratio(one: Pass, lifting: Sequence[Pass]) -> str:
    return f'{one.speed / lifting[0].speed:.2f}' if one in lifting else ''
