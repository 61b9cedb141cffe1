"""Models side by side: time, ratios, and the share of the machine's own speed."""

import copy
from dataclasses import asdict, dataclass
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

import torch
from mmengine.fileio import dump as write
from mmpose.models.pose_estimators import TopdownPoseEstimator
from torch import Tensor

from ppt_mmpose.deploy import in_precision, optimize_for_inference
from ppt_mmpose.deploy.normalisation import Normalisation
from ppt_mmpose.deploy.onnx_graph import DEFAULT_OPSET, PoseGraph, as_file, build_onnx
from ppt_mmpose.deploy.onnx_session import open_session

from .latency import (
    Latency,
    expect_at_least,
    machine,
    measure_latency,
    thread_count,
    usable_device,
)
from .multiply_adds import count_multiply_adds
from .subject import Subject, load_subject

WAYS = ('textbook', 'plain', 'optimized', 'compiled', 'onnx')
DTYPES = dict(float32=torch.float32, bfloat16=torch.bfloat16, float16=torch.float16)
MATRIX = 2048  # rows and columns of the matrices whose product is the yardstick

Rewrite = Callable[[TopdownPoseEstimator], TopdownPoseEstimator]


@dataclass(frozen=True)
class Entry:
    """One model, made ready in one way, on one batch size.

    Attributes:
        config: its name.
        way: one of :data:`WAYS`.
        dtype: name of the precision.
        keep_ratio: 1 for a model that never prunes.
        batch_size: images of a pass.
        parameters: numbers in all weights.
        multiply_adds: that one image really takes, in this way.
        latency: of a pass.
        speedup: time of the first entry over its own, at the same batch size.
        share: multiply-adds a second, over those of a product of two matrices of
            2048x2048 in the same precision, measured in the same rounds.
    """

    config: str
    way: str
    dtype: str
    keep_ratio: float
    batch_size: int
    parameters: int
    multiply_adds: int
    latency: Latency
    speedup: float
    share: float


@dataclass(frozen=True)
class Benchmark:
    """What was measured, and on what."""

    entries: List[Entry]
    machine: Dict[str, Union[str, int, float]]

    def as_dict(self) -> Dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


@dataclass
class _Contestant:
    subject: Subject
    way: str
    dtype: str
    keep_ratio: float
    forward: Callable[[Tensor], object]
    multiply_adds: int

    def run(self, images: Tensor) -> Callable[[], object]:
        return lambda: self.forward(images)


def benchmark(
    configs: Sequence[str],
    *,
    ways: Sequence[str] = ('plain', 'optimized'),
    dtypes: Sequence[str] = ('float32',),
    keep_ratios: Optional[Sequence[float]] = None,
    batch_sizes: Sequence[int] = (1, 32),
    repeats: int = 10,
    threads: Optional[int] = None,
    device: str = 'cpu',
    textbook: Optional[Rewrite] = None,
    out: Optional[str] = None,
) -> Benchmark:
    """Time models side by side; in every round each of them runs once.

    Args:
        configs: paths or names; any top-down model of MMPose. The first one, in the
            first way and precision, is what the others are compared with.
        ways: of making a model ready, of :data:`WAYS`.
        dtypes: names of precisions.
        keep_ratios: of models that prune; their own when None.
        batch_sizes: images of a pass.
        repeats: rounds that are timed.
        threads: threads on the CPU; those that PyTorch would take when None.
        device: where models run.
        textbook: gives a model's textbook version, for the way of this name.
        out: JSON file for all of it.

    Raises:
        FileNotFoundError: if there is no such config.
        ValueError: for a way, precision, number or device that cannot be.
    """
    place = usable_device(device)
    _check(ways, dtypes, batch_sizes, repeats, textbook, place)
    subjects = [_subject(config, keep_ratios) for config in configs]
    entries: List[Entry] = []
    with thread_count(threads):
        measured_on = dict(machine(place), repeats=repeats)
        contestants = [
            _contestant(subject, ratio, way, dtype, textbook, place)
            for subject in subjects
            for ratio in subject.keep_ratios
            for way in ways
            # Models without tokens are neither in our textbook nor exported.
            if way not in ('textbook', 'onnx') or subject.token_neck is not None
            for dtype in dtypes
            if way != 'onnx' or dtype == 'float32'
        ]
        for batch_size in batch_sizes:
            entries += _round(contestants, dtypes, batch_size, repeats, place)
            found = Benchmark(entries, measured_on)
            if out:
                # What is there survives a larger batch that does not fit.
                write(found.as_dict(), out, file_format='json', indent=2)
    return found


def _check(
    ways: Sequence[str],
    dtypes: Sequence[str],
    batch_sizes: Sequence[int],
    repeats: int,
    textbook: Optional[Rewrite],
    device: torch.device,
) -> None:
    for name, values, known in (('ways', ways, WAYS), ('dtypes', dtypes, DTYPES)):
        if not values or any(value not in known for value in values):
            raise ValueError(f'{name}: expected some of {tuple(known)}, got {values}')
    expect_at_least(batch_sizes=(min(batch_sizes, default=0), 1))
    expect_at_least(repeats=(repeats, 2))
    if set(ways) == {'onnx'} and 'float32' not in dtypes:
        raise ValueError(f'dtypes: expected float32 for onnx, got {dtypes}')
    if 'onnx' in ways and device.type != 'cpu':
        raise ValueError(f'ways: expected onnx on a cpu alone, got {device}')
    if 'textbook' in ways and textbook is None:
        raise ValueError(
            'ways: expected a textbook to go with textbook, which lies with the tests '
            'of a source tree, got none'
        )


def _subject(config: str, keep_ratios: Optional[Sequence[float]]) -> Subject:
    subject = load_subject(config)
    neck = subject.token_neck
    if keep_ratios is not None and neck is not None and neck.prunes:
        return load_subject(config, keep_ratios=keep_ratios)
    return subject


def _contestant(
    subject: Subject,
    keep_ratio: float,
    way: str,
    dtype: str,
    textbook: Optional[Rewrite],
    device: torch.device,
) -> _Contestant:
    own = copy.deepcopy(subject.model)
    if subject.token_neck is not None:
        own.neck.set_keep_ratio(keep_ratio)
    if way == 'textbook' and textbook is not None:
        own = textbook(own)
    blueprint = copy.deepcopy(own).to('meta')
    width, height = subject.input_size
    images = torch.empty(1, 3, height, width, device='meta')
    counted = count_multiply_adds(lambda: blueprint(images, None, mode='tensor'))
    forward = _forward(own.to(device), way, DTYPES[dtype], (width, height))
    return _Contestant(subject, way, dtype, keep_ratio, forward, counted.total)


def _forward(
    model: TopdownPoseEstimator, way: str, dtype: torch.dtype, size: Tuple[int, int]
) -> Callable[[Tensor], object]:
    if way == 'onnx':
        session = _session(model, size)
        return lambda images: session.run(None, {'input': images.numpy()})
    if way in ('optimized', 'compiled'):
        ready = optimize_for_inference(model, dtype, compile=way == 'compiled')
    else:
        ready = in_precision(model, dtype)
    return lambda images: ready(images, None, mode='tensor')


def _session(model: TopdownPoseEstimator, size: Tuple[int, int]) -> Any:
    """The exported model in ONNX Runtime, with as many threads as PyTorch."""
    as_it_is = Normalisation.RTMLIB
    graph = PoseGraph(model, None, given=as_it_is, expected=as_it_is)
    program = build_onnx(graph, size, opset=DEFAULT_OPSET)
    file = as_file(program, ['heatmaps'], {})
    return open_session(file, threads=torch.get_num_threads())


def _round(
    contestants: List[_Contestant],
    dtypes: Sequence[str],
    batch_size: int,
    repeats: int,
    device: torch.device,
) -> List[Entry]:
    """All contestants on one batch size, and the yardsticks between them."""
    runs: List[Callable[[], object]] = []
    for each in contestants:
        width, height = each.subject.input_size
        images = torch.randn(batch_size, 3, height, width, device=device)
        runs.append(each.run(images))
    yardsticks = [_product(DTYPES[dtype], device) for dtype in dtypes]
    times = measure_latency([*runs, *yardsticks], repeats=repeats, device=device)
    speed = {
        dtype: MATRIX**3 / time.median
        for dtype, time in zip(dtypes, times[len(contestants) :])
    }
    return [
        Entry(
            each.subject.config,
            each.way,
            each.dtype,
            each.keep_ratio,
            batch_size,
            sum(p.numel() for p in each.subject.model.parameters()),
            each.multiply_adds,
            time,
            times[0].median / time.median,
            batch_size * each.multiply_adds / time.median / speed[each.dtype],
        )
        for each, time in zip(contestants, times)
    ]


def _product(dtype: torch.dtype, device: torch.device) -> Callable[[], object]:
    left, right = (
        torch.randn(MATRIX, MATRIX, device=device).to(dtype) for _ in range(2)
    )
    return lambda: left @ right


HEADER: Tuple[str, ...] = (
    *('model', 'way', 'precision', 'keep', 'ms [quartiles]', 'images/s'),
    *('times as fast', 'M parameters', 'G multiply-adds', 'share of matrix speed'),
)


def benchmark_report(found: Benchmark) -> str:
    """A Markdown table for each batch size."""
    lines: List[str] = []
    for size in dict.fromkeys(entry.batch_size for entry in found.entries):
        rows = [_row(entry) for entry in found.entries if entry.batch_size == size]
        lines += [
            f'Batches of {size}:',
            '',
            *('| ' + ' | '.join(row) + ' |' for row in (HEADER, *rows)),
            '',
        ]
        lines.insert(len(lines) - len(rows) - 1, '|---' * len(HEADER) + '|')
    lines.append(
        'Medians of {repeats} rounds, all models in each; {device}, {threads} threads, '
        '{cores} cores, load before {load}; torch {torch}.'.format(**found.machine)
    )
    return '\n'.join(lines)


def _row(entry: Entry) -> Tuple[str, ...]:
    time = entry.latency
    return (
        *(entry.config, entry.way, entry.dtype, f'{entry.keep_ratio:g}'),
        str(time),
        f'{1000 * entry.batch_size / time.median:.1f}',
        f'{entry.speedup:.2f}',
        f'{entry.parameters / 1e6:.2f}',
        f'{entry.multiply_adds / 1e9:.3f}',
        f'{entry.share:.0%}',
    )
