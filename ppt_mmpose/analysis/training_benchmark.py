"""Trainings side by side: time of a step and of its parts, memory, ratios."""

from dataclasses import asdict, dataclass
from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

from mmengine.fileio import dump as write

from .latency import (
    WARM_UP,
    Latency,
    expect_at_least,
    machine,
    summary,
    thread_count,
    usable_device,
)
from .subject import Subject, load_subject
from .training_step import Rewrite, TrainingStep, training_step

WAYS = ('textbook', 'plain', 'amp', 'bfloat16', 'checkpointed', 'compiled')
# Only a model with our neck has these.
OF_TOKENS = {'textbook', 'checkpointed'}


@dataclass(frozen=True)
class TrainingEntry:
    """One model, trained in one way.

    Attributes:
        config: its name.
        way: one of :data:`WAYS`, or several with ``+`` between them.
        keep_ratio: 1 for a model that never prunes.
        batch_size: images of a step.
        step: time of a step.
        forward: of its forward pass, with the loss and the accuracy.
        backward: of its backward pass.
        optimizer: of the optimiser.
        images_per_second: at the median.
        stored_bytes: what is stored between forward and backward pass.
        peak_bytes: the most that a step takes; None where torch does not count.
        speedup: time of the first entry over its own.
        memory: stored bytes over those of the first entry.
    """

    config: str
    way: str
    keep_ratio: float
    batch_size: int
    step: Latency
    forward: Latency
    backward: Latency
    optimizer: Latency
    images_per_second: float
    stored_bytes: int
    peak_bytes: Optional[int]
    speedup: float
    memory: float


@dataclass(frozen=True)
class TrainingBenchmark:
    """What was measured, and on what."""

    entries: List[TrainingEntry]
    machine: Dict[str, Union[str, int, float]]

    def as_dict(self) -> Dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def benchmark_training(
    configs: Sequence[str],
    *,
    ways: Sequence[str] = ('plain',),
    batch_size: int = 32,
    repeats: int = 10,
    threads: Optional[int] = None,
    device: str = 'cpu',
    cfg_options: Optional[dict] = None,
    textbook: Optional[Rewrite] = None,
    out: Optional[str] = None,
) -> TrainingBenchmark:
    """Time steps of trainings; in every round each training takes one.

    A step is a real one, forward, backward and Adam, on random images and targets that
    are on the device already. Models prune as configured.

    Args:
        configs: paths or names; any top-down model of MMPose that learns from heatmaps,
            or a TokenDistiller with a teacher of arbitrary weights. The first one, in
            the first way, is what the others are compared with.
        ways: how to train, of :data:`WAYS`, or several of them with ``+`` between them:
            ``textbook`` computes as the papers' equations say it, with torch's own
            Adam; ``amp`` as ``--amp`` does; ``bfloat16`` by
            :class:`~ppt_mmpose.engine.optim_wrappers.BFloat16OptimWrapper`;
            ``checkpointed`` with the neck's ``with_cp``; ``compiled`` by torch.compile.
        batch_size: images of a step.
        repeats: rounds that are timed.
        threads: threads on the CPU; those that PyTorch would take when None.
        device: where models are trained.
        cfg_options: changes to all configs, by dotted key.
        textbook: gives a model's textbook version, for the way of this name.
        out: JSON file for all of it.

    Raises:
        FileNotFoundError: if there is no such config.
        ValueError: for a way, number, device or model that cannot be.
    """
    _check(ways, batch_size, repeats, textbook)
    place = usable_device(device)
    subjects = [
        load_subject(config, cfg_options=cfg_options, distillers=True)
        for config in configs
    ]
    with thread_count(threads):
        measured_on = dict(machine(place), repeats=repeats)
        contestants = [
            (subject, way)
            for subject in subjects
            for way in ways
            if subject.token_neck is not None or not OF_TOKENS & set(way.split('+'))
        ]
        steps = [
            training_step(
                subject, way, batch_size=batch_size, device=place, textbook=textbook
            )
            for subject, way in contestants
        ]
        entries = _measured(contestants, steps, repeats)
    found = TrainingBenchmark(entries, measured_on)
    if out:
        write(found.as_dict(), out, file_format='json', indent=2)
    return found


def _check(
    ways: Sequence[str], batch_size: int, repeats: int, textbook: Optional[Rewrite]
) -> None:
    parts = [part for way in ways for part in way.split('+')]
    if not parts or any(part not in WAYS for part in parts):
        raise ValueError(
            f"ways: expected some of {WAYS}, or several with '+' between them, "
            f'got {tuple(ways)}'
        )
    if any({'textbook', 'checkpointed'} <= set(way.split('+')) for way in ways):
        raise ValueError(
            'ways: expected one of textbook and checkpointed, got both: the textbook '
            'stores all that it computes'
        )
    expect_at_least(batch_size=(batch_size, 1), repeats=(repeats, 2))
    if 'textbook' in parts and textbook is None:
        raise ValueError(
            'ways: expected a textbook to go with textbook, which lies with the tests '
            'of a source tree, got none'
        )


def _measured(
    contestants: Sequence[Tuple[Subject, str]],
    steps: Sequence[TrainingStep],
    repeats: int,
) -> List[TrainingEntry]:
    """All trainings, taking turns."""
    stored = [step.stored_bytes() for step in steps]
    # Before what has to be compared: the first step of Adam makes its state.
    for step in steps:
        step.run()
    peaks = [step.peak_bytes() for step in steps]
    times: List[List[Tuple[float, float, float]]] = [[] for _ in steps]
    for turn in range(WARM_UP + repeats):
        for step, taken in zip(steps, times):
            parts = step.run()
            if turn >= WARM_UP:
                taken.append(parts)
    entries: List[TrainingEntry] = []
    for one in zip(contestants, steps, stored, peaks, times):
        entries.append(_entry(*one, first=entries[0] if entries else None))
    return entries


def _entry(
    contestant: Tuple[Subject, str],
    step: TrainingStep,
    stored: int,
    peak: Optional[int],
    taken: List[Tuple[float, float, float]],
    *,
    first: Optional[TrainingEntry],
) -> TrainingEntry:
    subject, way = contestant
    whole = summary([sum(parts) for parts in taken])
    forward, backward, optimizer = (summary(part) for part in zip(*taken))
    return TrainingEntry(
        subject.config,
        way,
        subject.configured_keep_ratio,
        len(step.samples),
        whole,
        forward,
        backward,
        optimizer,
        1000 * len(step.samples) / whole.median,
        stored,
        peak,
        first.step.median / whole.median if first else 1.0,
        stored / first.stored_bytes if first else 1.0,
    )


HEADER: Tuple[str, ...] = (
    *('model', 'way', 'keep', 'images/s', 'ms a step [quartiles]'),
    *(
        'forward',
        'backward',
        'optimiser',
        'times as fast',
        'MiB stored',
        'of the first',
    ),
)


def training_report(found: TrainingBenchmark) -> str:
    """A Markdown table."""
    peak = any(entry.peak_bytes is not None for entry in found.entries)
    header = (*HEADER, 'MiB at the peak') if peak else HEADER
    rows = [_row(entry) for entry in found.entries]
    return '\n'.join(
        [
            f'Steps of {found.entries[0].batch_size} images:',
            '',
            f'| {" | ".join(header)} |',
            '|---' * len(header) + '|',
            *(f'| {" | ".join(row)} |' for row in rows),
            '',
            'Medians of {repeats} rounds, all trainings in each; {device}, {threads} '
            'threads, {cores} cores, load before {load}; torch {torch}.'.format(
                **found.machine
            ),
        ]
    )


def _row(entry: TrainingEntry) -> Tuple[str, ...]:
    time = entry.step
    parts = (entry.forward, entry.backward, entry.optimizer)
    row = (
        *(entry.config, entry.way, f'{entry.keep_ratio:g}'),
        f'{entry.images_per_second:.1f}',
        str(time),
        *(f'{part.median:.1f}' for part in parts),
        f'{entry.speedup:.2f}',
        f'{entry.stored_bytes / 2**20:.1f}',
        f'{entry.memory:.0%}',
    )
    return (
        row if entry.peak_bytes is None else (*row, f'{entry.peak_bytes / 2**20:.1f}')
    )
