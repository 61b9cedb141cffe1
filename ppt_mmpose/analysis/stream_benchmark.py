"""Whether a stream of several views runs in constant memory, and how fast."""

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np
import torch
from mmengine.fileio import dump as write

from ppt_mmpose.apis.multiview import (
    MultiViewPoseInferencer,
    Outputs,
    People,
)
from ppt_mmpose.calibration import Calibration
from ppt_mmpose.frames.reading import Image

from .camera_ring import SIDE, camera_ring
from .latency import expect_at_least, machine
from .resident import resident_memory

KEYPOINTS = 17
SIZE = (640, 480)
_BASE = 256


@dataclass(frozen=True)
class StreamBenchmark:
    """What was measured, and on what.

    Attributes:
        views: number of cameras.
        batch_size: instants at once.
        track: whether boxes came from the instant before.
        instants: how many had passed, at each reading.
        seconds: since the first one began, at each reading.
        memory: resident, MiB, at each reading.
        written: by the name of the file its size, MiB.
        error: the largest distance of a 3D keypoint from the truth, m.
        machine: as :func:`~ppt_mmpose.analysis.latency.machine` tells it.
    """

    views: int
    batch_size: int
    track: bool
    instants: List[int]
    seconds: List[float]
    memory: List[float]
    written: Dict[str, float]
    error: float
    machine: Dict[str, Union[str, int, float]]

    def as_dict(self) -> Dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


class KnownPerson:
    """A person who walks in a circle, and the 2D model that knows where; `Estimator2D`.

    Args:
        calibration: V cameras around the origin.
    """

    top_down = True
    detects = False

    def __init__(self, calibration: Calibration) -> None:
        self._cameras = calibration.cameras
        self._body = np.random.RandomState(0).uniform(-0.5, 0.5, (KEYPOINTS, 3))
        self.dataset_meta: Dict[str, Any] = dict(
            keypoint_id2name={n: f'keypoint_{n}' for n in range(KEYPOINTS)},
            skeleton_links=[(n, n + 1) for n in range(KEYPOINTS - 1)],
        )

    def pose(self, instant: int) -> np.ndarray:
        """``(J, 3)``, m."""
        angle = 0.01 * instant
        return self._body + np.array([np.cos(angle), np.sin(angle), 0]) / 2

    def detect(self, images: Sequence[Image]) -> List[np.ndarray]:
        """It has no detector."""
        return []

    def in_boxes(
        self,
        images: Sequence[Image],
        boxes: Sequence[np.ndarray],
        views: Optional[Sequence[Mapping[str, Any]]] = None,
    ) -> List[People]:
        """The person, wherever the boxes are."""
        found = []
        for image, box in zip(images, boxes):
            view, instant = told_by(image)
            points = torch.from_numpy(self.pose(instant))
            pixels = self._cameras.select([view]).project(points).pixels.numpy()
            found.append(People(pixels, np.ones((1, KEYPOINTS)), box[None]))
        return found

    def everybody(self, images: Sequence[Image]) -> List[People]:
        """As in boxes."""
        return self.in_boxes(images, [np.array([0, 0, *SIZE])] * len(images))


def frames(view: int, instants: int) -> Iterator[Image]:
    """Grey frames, whose first pixels tell which they are."""
    for instant in range(instants):
        image = np.full((SIZE[1], SIZE[0], 3), 128, np.uint8)
        rest, low = divmod(instant, _BASE)
        image[0, 0], image[0, 1] = (view, low, 0), (*divmod(rest, _BASE), 0)
        yield image


def told_by(image: Image) -> Tuple[int, int]:
    """The view and the instant that a frame tells."""
    view, low, _ = (int(number) for number in image[0, 0])
    high, middle, _ = (int(number) for number in image[0, 1])
    return view, low + _BASE * (middle + _BASE * high)


def ring(views: int) -> Calibration:
    """Cameras on a circle of 4 m that look at its centre; z is up."""
    scale = SIZE[0] / SIDE, SIZE[1] / SIDE
    names = tuple(f'camera_{view}' for view in range(views))
    return Calibration(names, camera_ring(views).resized(*scale), (SIZE,) * views)


def benchmark_stream(
    *,
    instants: int = 10_000,
    views: int = 4,
    every: int = 1000,
    batch_size: int = 4,
    track: bool = False,
    folder: Optional[str] = None,
    out: Optional[str] = None,
) -> StreamBenchmark:
    """Send made-up views through the inferencer and into all formats of files.

    The 2D model is a stand-in that takes no time, so what is left is reading, choosing,
    triangulating and writing.

    Args:
        instants: how many.
        views: number of cameras.
        every: so many instants lie between two readings.
        batch_size: of `MultiViewRun.instants`.
        track: of `MultiViewRun.instants`.
        folder: for the motion files; one that is removed when None.
        out: JSON file for all of it.

    Raises:
        ValueError: for numbers that cannot be; or where the system is not Linux.
    """
    expect_at_least(
        instants=(instants, 1),
        views=(views, 2),
        every=(every, 1),
        batch_size=(batch_size, 1),
    )
    resident_memory()  # raises before the work is done
    calibration = ring(views)
    person = KnownPerson(calibration)
    run = MultiViewPoseInferencer(person, calibration=calibration).open(
        [frames(view, instants) for view in range(views)]
    )
    passed: List[int] = []
    seconds: List[float] = []
    memory: List[float] = []
    error = 0.0
    start = time.perf_counter()
    with TemporaryDirectory() as removed:
        target = Path(folder or removed)
        with Outputs(target, run) as files:
            for instant, images in run.instants(batch_size=batch_size, track=track):
                files.write(instant, images)
                off = instant.keypoints_3d - person.pose(instant.index)
                error = max(error, float(np.linalg.norm(off, axis=1).max()))
                if (instant.index + 1) % every == 0:
                    passed.append(instant.index + 1)
                    seconds.append(time.perf_counter() - start)
                    memory.append(resident_memory())
        written = {
            path.name: path.stat().st_size / 2**20
            for path in sorted(target.glob('keypoints*'))
        }
    found = StreamBenchmark(
        views,
        batch_size,
        track,
        passed,
        seconds,
        memory,
        written,
        error,
        machine(torch.device('cpu')),
    )
    if out:
        write(found.as_dict(), out, file_format='json', indent=2)
    return found


def stream_report(found: StreamBenchmark) -> str:
    """A Markdown table, and the files."""
    way = 'tracked' if found.track else f'in batches of {found.batch_size}'
    before = zip([0, *found.instants], [0.0, *found.seconds])
    rows = [
        f'| {count} | {(count - first) / (second - start):.0f} | {memory:.0f} |'
        for (first, start), count, second, memory in zip(
            before, found.instants, found.seconds, found.memory
        )
    ]
    files = ', '.join(f'{name} {size:.1f}' for name, size in found.written.items())
    return '\n'.join(
        [
            f'{found.views} views of {SIZE[0]}x{SIZE[1]} px, {way}',
            '',
            '| instants | instants a second | resident memory, MiB |',
            '|---' * 3 + '|',
            *rows,
            '',
            f'Written, MiB: {files}.',
            f'3D keypoints are off by {1000 * found.error:.4f} mm at most.',
            '{cores} cores, {threads} threads, load before {load}.'.format(
                **found.machine
            ),
        ]
    )
