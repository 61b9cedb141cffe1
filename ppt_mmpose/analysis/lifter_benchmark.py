"""Lifters side by side: frames a second, and ratios."""

import copy
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

import torch
from mmengine.fileio import dump as write
from mmpose.models.backbones import DSTFormer
from torch import Tensor

from ppt_mmpose.deploy.compiled import Compiled
from ppt_mmpose.models import MotionBERT, TokenPoseLifter

from .latency import (
    Latency,
    expect_at_least,
    machine,
    measure_latency,
    thread_count,
    usable_device,
)
from .lifter_subject import OUTPUTS, LifterSubject, load_lifter

WAYS = ('textbook', 'mmpose', 'plain', 'bfloat16', 'compiled')

# Sequences in, joints out.
Lift = Callable[[Tensor], Tensor]
Textbook = Callable[[TokenPoseLifter], Optional[Lift]]


@dataclass(frozen=True)
class LifterEntry:
    """One lifter, run in one way.

    Attributes:
        config: its name.
        way: one of :data:`WAYS`.
        output: ``'all'`` frames of a sequence, or the ``'centre'`` one of a window.
        sequences: of a pass.
        frames: that come out of a pass.
        latency: of a pass.
        frames_per_second: by the median.
        speedup: frames a second over those of the first entry with the same output.
    """

    config: str
    way: str
    output: str
    sequences: int
    frames: int
    latency: Latency
    frames_per_second: float
    speedup: float


@dataclass(frozen=True)
class LifterBenchmark:
    """What was measured, and on what."""

    entries: List[LifterEntry]
    machine: Dict[str, Union[str, int, float]]

    def as_dict(self) -> Dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def benchmark_lifters(
    configs: Sequence[str],
    *,
    ways: Sequence[str] = ('plain',),
    outputs: Sequence[str] = OUTPUTS,
    batch_size: int = 1,
    repeats: int = 9,
    threads: Optional[int] = None,
    device: str = 'cpu',
    textbook: Optional[Textbook] = None,
    cfg_options: Optional[dict] = None,
    out: Optional[str] = None,
) -> LifterBenchmark:
    """Time lifters side by side; in every round each of them runs once.

    Weights are random. A lifter is left out of an output that it does not give (all
    frames, of one that gives the kept ones alone; the centre one, of one that has all
    frames back), and of a way that there is not for it (a textbook of MHFormer;
    MMPose's DSTFormer of all but MotionBERT without an hourglass).

    Args:
        configs: paths or names of lifters. The first one that gives an output, in its
            first way, is what the others with this output are compared with.
        ways: of running a model, of :data:`WAYS`.
        outputs: ``'all'`` (sequence to sequence), ``'centre'`` (a window for a frame).
        batch_size: sequences of a pass.
        repeats: rounds that are timed.
        threads: threads on the CPU; those that PyTorch would take when None.
        device: where models run.
        textbook: gives a model's textbook version, which gives all frames; for the way
            of this name.
        cfg_options: changes to every config, by dotted key.
        out: JSON file for all of it.

    Raises:
        FileNotFoundError: if there is no such config.
        ValueError: for a way, output, number, device or model that cannot be, or if no
            model is left.
    """
    place = usable_device(device)
    _check(ways, outputs, batch_size, repeats, textbook)
    subjects = [load_lifter(config, cfg_options=cfg_options) for config in configs]
    entries: List[LifterEntry] = []
    with thread_count(threads):
        measured_on = dict(machine(place), repeats=repeats)
        on_place = [subject.on(place) for subject in subjects]
        for output in outputs:
            contestants = _contestants(on_place, ways, output, textbook)
            entries += _round(contestants, output, batch_size, repeats)
    if not entries:
        raise ValueError(
            f'outputs: expected some that {tuple(configs)} give in the ways '
            f'{tuple(ways)}, got {tuple(outputs)}'
        )
    found = LifterBenchmark(entries, measured_on)
    if out:
        write(found.as_dict(), out, file_format='json', indent=2)
    return found


def _check(
    ways: Sequence[str],
    outputs: Sequence[str],
    batch_size: int,
    repeats: int,
    textbook: Optional[Textbook],
) -> None:
    for name, values, known in (('ways', ways, WAYS), ('outputs', outputs, OUTPUTS)):
        if not values or any(value not in known for value in values):
            raise ValueError(f'{name}: expected some of {known}, got {tuple(values)}')
    expect_at_least(batch_size=(batch_size, 1), repeats=(repeats, 2))
    if 'textbook' in ways and textbook is None:
        raise ValueError(
            'ways: expected a textbook to go with textbook, which lies with the tests '
            'of a source tree, got none'
        )


@dataclass(frozen=True)
class _Contestant:
    subject: LifterSubject
    way: str
    lift: Lift


def _contestants(
    subjects: Sequence[LifterSubject],
    ways: Sequence[str],
    output: str,
    textbook: Optional[Textbook],
) -> List[_Contestant]:
    found = []
    for subject in subjects:
        if output not in subject.outputs:
            continue
        if output == 'all' and not subject.model.backbone.gives_all_frames:
            continue
        for way in ways:
            lift = _lift(subject, way, output, textbook)
            if lift is not None:
                found.append(_Contestant(subject, way, lift))
    return found


def _lift(
    subject: LifterSubject, way: str, output: str, textbook: Optional[Textbook]
) -> Optional[Lift]:
    """A model, run in a way; None where there is none."""
    if way == 'textbook':
        # All that it computes counts, also where one frame is wanted.
        return textbook(subject.model) if textbook is not None else None
    if way == 'mmpose':
        return mmposes_own(subject.model)

    def plain(keypoints: Tensor) -> Tensor:
        return subject.forward(output, keypoints)()

    if way == 'bfloat16':
        return _in_bfloat16(plain)
    if way == 'compiled':
        cpu = next(subject.model.parameters()).device.type == 'cpu'
        return Compiled(plain, on_cpu=cpu)
    return plain


def _in_bfloat16(lift: Lift) -> Lift:
    def run(keypoints: Tensor) -> Tensor:
        with torch.autocast(keypoints.device.type, torch.bfloat16):
            return lift(keypoints)

    return run


def mmposes_own(model: TokenPoseLifter) -> Optional[Lift]:
    """A MotionBERT without an hourglass in MMPose's DSTFormer; None for other models.

    Args:
        model: whose weights it gets.
    """
    backbone = model.backbone
    if not isinstance(backbone, MotionBERT) or backbone.hourglass is not None:
        return None
    encoder = backbone.encoder
    frames, joints, channels = backbone.expected
    block = encoder.space_first[0].spatial
    theirs = DSTFormer(
        channels,
        feat_size=encoder.norm.normalized_shape[0],
        depth=len(encoder.space_first),
        num_heads=block.attention.num_heads,
        mlp_ratio=block.mlp[0].out_features / block.mlp[0].in_features,
        num_keypoints=joints,
        seq_len=frames,
        att_fuse=bool(encoder.fusions),
    )
    theirs.load_state_dict(backbone.state_dict())
    # Its eval gives nothing back.
    theirs.to(next(model.parameters()).device).eval()
    head = copy.deepcopy(model.head)
    return lambda keypoints: head(theirs(keypoints))


def _round(
    contestants: List[_Contestant], output: str, batch_size: int, repeats: int
) -> List[LifterEntry]:
    """All contestants, taking turns."""
    if not contestants:
        return []
    runs: List[Callable[[], object]] = []
    counts: List[int] = []
    for each in contestants:
        keypoints = each.subject.keypoints(batch_size)
        runs.append(partial(each.lift, keypoints))
        counts.append(batch_size * (each.subject.frames if output == 'all' else 1))
    times = measure_latency(runs, repeats=repeats, device=keypoints.device)
    speeds = [1000 * count / time.median for count, time in zip(counts, times)]
    return [
        LifterEntry(
            *(each.subject.config, each.way, output, batch_size, count),
            *(time, speed, speed / speeds[0]),
        )
        for each, count, time, speed in zip(contestants, counts, times, speeds)
    ]


HEADER: Tuple[str, ...] = (
    *('model', 'way', 'ms of a pass [quartiles]', 'frames of it', 'frames/s'),
    'times as fast',
)
TITLES = dict(
    all='Sequence to sequence, {} a pass:', centre='A window for each frame, {} a pass:'
)


def lifter_benchmark_report(found: LifterBenchmark) -> str:
    """A Markdown table for each output."""
    lines: List[str] = []
    for output in dict.fromkeys(entry.output for entry in found.entries):
        chosen = [entry for entry in found.entries if entry.output == output]
        rows = [HEADER, ('---',) * len(HEADER), *map(_row, chosen)]
        lines += [TITLES[output].format(chosen[0].sequences), '']
        lines += ['| ' + ' | '.join(row) + ' |' for row in rows] + ['']
    lines.append(
        'Medians of {repeats} rounds, all models in each; {device}, {threads} threads, '
        '{cores} cores, load before {load}; torch {torch}.'.format(**found.machine)
    )
    return '\n'.join(lines)


def _row(entry: LifterEntry) -> Tuple[str, ...]:
    return (
        *(entry.config, entry.way, str(entry.latency), str(entry.frames)),
        *(f'{entry.frames_per_second:.4g}', f'{entry.speedup:.2f}'),
    )
