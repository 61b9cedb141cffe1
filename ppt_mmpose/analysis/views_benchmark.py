"""What a model of several views costs against their number, beside a loop over them."""

from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

import numpy as np
import torch
from mmengine.fileio import dump as write
from mmpose.structures import PoseDataSample
from torch import Tensor

from ppt_mmpose.deploy import optimize_for_inference
from ppt_mmpose.models import MultiViewTokenPose

from .camera_ring import SIDE, camera_ring
from .latency import Latency, expect_at_least, machine, measure_latency, thread_count
from .live_bytes import peak_live_bytes
from .subject import Size, Subject, load_subject

WAYS = ('textbook', 'plain', 'optimized', 'compiled')

# Heatmaps of images and samples.
Forward = Callable[[Tensor, List[PoseDataSample]], Tensor]


@dataclass(frozen=True)
class ViewsCost:
    """A model, made ready in one way, on some instants of some views.

    Attributes:
        views: V.
        instants: of a pass.
        way: one of :data:`WAYS`.
        latency: of a pass.
        speedup: time of the first way over its own.
        live_bytes: most that tensors made within a pass take at once, heatmaps with
            them; None for a compiled model, which cannot be looked into.
        difference: of its heatmaps from those of the first way, over their largest
            value.
    """

    views: int
    instants: int
    way: str
    latency: Latency
    speedup: float
    live_bytes: Optional[int]
    difference: float


@dataclass(frozen=True)
class ViewsBenchmark:
    """What was measured, and on what."""

    config: str
    costs: List[ViewsCost]
    machine: Dict[str, Union[str, int, float]]

    def as_dict(self) -> Dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def benchmark_views(
    config: str,
    *,
    views: Sequence[int] = (4,),
    instants: Sequence[int] = (1, 8),
    ways: Sequence[str] = ('plain', 'optimized'),
    repeats: int = 10,
    threads: Optional[int] = None,
    textbook: Optional[Callable[[MultiViewTokenPose], Forward]] = None,
    out: Optional[str] = None,
) -> ViewsBenchmark:
    """Time a model of several views on the CPU; in every round each way runs once.

    A pass takes images and samples: it finds out which views belong together and where
    their patches look, and ends with heatmaps.

    Args:
        config: path or name, of a MultiViewTokenPose that fuses its views.
        views: numbers of them.
        instants: of a pass; a batch holds all views of each.
        ways: of making the model ready, of :data:`WAYS`; the others are compared with
            the first one.
        repeats: rounds that are timed.
        threads: threads on the CPU; those that PyTorch would take when None.
        textbook: gives a model's textbook version, for the way of this name.
        out: JSON file for all of it.

    Raises:
        FileNotFoundError: if there is no such config.
        ValueError: if it is of another model, or for a way or number that cannot be.
    """
    if not ways or any(way not in WAYS for way in ways):
        raise ValueError(f'ways: expected some of {WAYS}, got {ways}')
    expect_at_least(
        views=(min(views, default=0), 1),
        instants=(min(instants, default=0), 1),
        repeats=(repeats, 2),
    )
    subject = _subject(config)
    costs: List[ViewsCost] = []
    with thread_count(threads):
        measured_on = dict(machine(torch.device('cpu')), repeats=repeats)
        forwards = {way: _forward(subject.model, way, textbook) for way in ways}
        for count in views:
            for times in instants:
                samples = ring_samples(count, times, subject.input_size)
                costs += _costs(forwards, subject, samples, (count, times), repeats)
                found = ViewsBenchmark(subject.config, costs, measured_on)
                if out:
                    # What is there survives more views that do not fit.
                    write(found.as_dict(), out, file_format='json', indent=2)
    return found


def ring_samples(views: int, instants: int, input_size: Size) -> List[PoseDataSample]:
    """Samples of instants that cameras on a ring see, in crops of their whole images.

    Args:
        views: V.
        instants: of V samples each, one after the other.
        input_size: width and height of the crops, px.
    """
    cameras = camera_ring(views)
    names = ('intrinsics', 'rotation', 'translation', 'distortion')
    affine = np.zeros((2, 3))
    affine[0, 0], affine[1, 1] = (length / SIDE for length in input_size)
    return [
        PoseDataSample(
            metainfo=dict(
                group_id=instant,
                view_id=view,
                camera={name: getattr(cameras, name)[view].numpy() for name in names},
                crop_affine=affine,
                input_size=input_size,
            )
        )
        for instant in range(instants)
        for view in range(views)
    ]


def _subject(config: str) -> Subject:
    subject = load_subject(config, views=1)
    model = subject.model
    if not isinstance(model, MultiViewTokenPose) or not model.neck.fuse:
        raise ValueError(
            f'{config}: expected a MultiViewTokenPose with neck.fuse, got '
            f'{type(model).__name__}'
        )
    return subject


def _forward(
    model: MultiViewTokenPose,
    way: str,
    textbook: Optional[Callable[[MultiViewTokenPose], Forward]],
) -> Forward:
    if way == 'textbook':
        if textbook is None:
            raise ValueError(
                'ways: expected a textbook to go with textbook, which lies with the '
                'tests of a source tree, got none'
            )
        return textbook(model)
    if way != 'plain':
        model = optimize_for_inference(model, compile=way == 'compiled')
    return lambda images, samples: model(images, samples, mode='tensor')


def _costs(
    forwards: Dict[str, Forward],
    subject: Subject,
    samples: List[PoseDataSample],
    shape: Tuple[int, int],
    repeats: int,
) -> List[ViewsCost]:
    """All ways on the same images."""
    images = subject.images(len(samples))
    runs = [partial(forward, images, samples) for forward in forwards.values()]
    with torch.inference_mode():
        heatmaps = [run() for run in runs]
    times = measure_latency(runs, repeats=repeats, device=torch.device('cpu'))
    first = heatmaps[0]
    return [
        ViewsCost(
            *shape,
            way,
            time,
            times[0].median / time.median,
            None if way == 'compiled' else peak_live_bytes(run),
            float((given - first).abs().max() / first.abs().max()),
        )
        for way, run, time, given in zip(forwards, runs, times, heatmaps)
    ]
