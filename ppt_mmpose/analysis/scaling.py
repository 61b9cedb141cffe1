"""Cost of a token model against the size of its images, keypoints and keep ratio."""

import copy
from dataclasses import asdict, dataclass
from itertools import product
from typing import Dict, List, Optional, Sequence, Tuple, Union

import torch
from matplotlib.figure import Figure
from mmengine.config import Config
from mmengine.fileio import dump as write

from ppt_mmpose.apis.config_files import find_config
from ppt_mmpose.apis.trained import configured
from ppt_mmpose.deploy import optimize_for_inference

from .benchmark import Rewrite
from .latency import Latency, expect_at_least, machine, measure_latency, thread_count
from .live_bytes import peak_live_bytes
from .multiply_adds import count_multiply_adds
from .subject import Size, Subject, subject_of


@dataclass(frozen=True)
class ScalingPoint:
    """One model and its cost for one image.

    Attributes:
        input_size: width and height, px.
        keypoints: J.
        keep_ratio: part of the tokens that stays at each pruning.
        tokens: visual tokens before the first pruning.
        multiply_adds: of the model.
        latency: of the model made ready for inference; None where it was not asked for.
        encoder_bytes: most that the tensors of neck and encoder take at once.
        textbook_bytes: the same of the textbook's; None without one.
    """

    input_size: Size
    keypoints: int
    keep_ratio: float
    tokens: int
    multiply_adds: int
    latency: Optional[Latency]
    encoder_bytes: int
    textbook_bytes: Optional[int]


@dataclass(frozen=True)
class Scaling:
    """What was measured, and on what."""

    config: str
    points: List[ScalingPoint]
    machine: Dict[str, Union[str, int, float]]


def measure_scaling(
    config: str,
    *,
    input_sizes: Sequence[Size] = ((192, 256), (288, 384), (384, 512)),
    keypoints: Sequence[int] = (17, 133),
    keep_ratios: Sequence[float] = (1.0, 0.7, 0.5),
    repeats: int = 10,
    threads: Optional[int] = None,
    latency: bool = True,
    textbook: Optional[Rewrite] = None,
    out: Optional[str] = None,
) -> Scaling:
    """Measure a model in several sizes, one image at a time, on the CPU.

    Patches keep their size in px, heatmaps their part of the image.

    Args:
        config: of a model that prunes, whose features have a fixed stride.
        input_sizes: width and height of the images, px.
        keypoints: numbers of keypoints.
        keep_ratios: in (0, 1].
        repeats: rounds that are timed.
        threads: threads on the CPU; those that PyTorch would take when None.
        latency: measure the time, too.
        textbook: gives a model's textbook version, to compare its memory with.
        out: JSON file for all of it.

    Raises:
        FileNotFoundError: if there is no such config.
        ValueError: for a size that is no multiple of a patch, or a number that cannot
            be.
    """
    expect_at_least(repeats=(repeats, 2))
    variants = list(product(input_sizes, keypoints))
    subjects = {
        variant: subject_of(config, _resized(config, *variant), keep_ratios)
        for variant in variants
    }
    budgets = [(variant, float(r)) for variant in variants for r in keep_ratios]
    with thread_count(threads):
        measured_on = dict(machine(torch.device('cpu')), repeats=repeats)
        times: Sequence[Optional[Latency]] = [None] * len(budgets)
        if latency:
            times = _time(subjects, budgets, repeats)
        points = [
            _point(subjects[variant], ratio, time, textbook)
            for (variant, ratio), time in zip(budgets, times)
        ]
    found = Scaling(find_config(config).stem, points, measured_on)
    if out:
        write(asdict(found), out, file_format='json', indent=2)
    return found


def _resized(config: str, size: Size, keypoints: int) -> Config:
    """A config with images of another size and other keypoints."""
    cfg = configured(config)
    if cfg.model.get('neck', {}).get('type') != 'TokenPoseNeck':
        raise ValueError(f'{config}: expected a model with a TokenPoseNeck')
    if min(size) < 1:
        raise ValueError(f'input_sizes: expected 1 px or more, got {size}')
    (old_width, old_height), old = cfg.codec.input_size, cfg.codec.heatmap_size
    rows, columns = cfg.model.neck.feature_size
    patch = cfg.model.neck.patch_size
    width, height = size
    # px that a patch covers.
    across, down = old_width // columns * patch[1], old_height // rows * patch[0]
    if width % across or height % down:
        raise ValueError(
            f'input_sizes: expected a width and height that are multiples of {across} '
            f'and {down}, got {size}'
        )
    features = (height * rows // old_height, width * columns // old_width)
    heatmap = (width * old[0] // old_width, height * old[1] // old_height)
    cfg.codec.update(input_size=size, heatmap_size=heatmap)
    cfg.model.neck.update(feature_size=features, num_keypoints=keypoints)
    cfg.model.head.update(
        heatmap_size=heatmap, out_channels=keypoints, decoder=cfg.codec
    )
    return cfg


def _time(
    subjects: Dict[Tuple[Size, int], Subject],
    budgets: Sequence[Tuple[Tuple[Size, int], float]],
    repeats: int,
) -> List[Latency]:
    ready = {}
    for variant, subject in subjects.items():
        fast = copy.copy(subject)
        fast.model = optimize_for_inference(subject.model)
        ready[variant] = fast
    return measure_latency(
        [ready[v].forward(ratio, ready[v].images()) for v, ratio in budgets],
        repeats=repeats,
        device=torch.device('cpu'),
    )


def _point(
    subject: Subject,
    ratio: float,
    time: Optional[Latency],
    textbook: Optional[Rewrite],
) -> ScalingPoint:
    model = subject.model
    subject.set_keep_ratio(ratio)
    blueprint = subject.on(torch.device('meta'))
    counted = count_multiply_adds(blueprint.forward(ratio, blueprint.images()))
    rows, columns = model.neck.patch_embedding.grid
    with torch.inference_mode():
        features = model.backbone(subject.images())
    other = None
    if textbook is not None:
        neck = textbook(model).neck
        other = peak_live_bytes(lambda: neck(features))
    return ScalingPoint(
        subject.input_size,
        model.neck.keypoint_tokens.shape[1],
        ratio,
        rows * columns,
        counted.total,
        time,
        peak_live_bytes(lambda: model.neck(features)),
        other,
    )


def scaling_report(found: Scaling) -> str:
    """A Markdown table."""
    rows = [
        '| input | keypoints | keep ratio | tokens | G multiply-adds '
        '| ms an image [quartiles] | MB of neck and encoder | of the textbook |',
        '|---' * 8 + '|',
    ]
    for point in found.points:
        width, height = point.input_size
        time = point.latency
        shown = str(time) if time else '-'
        other = point.textbook_bytes
        rows.append(
            f'| {height}x{width} | {point.keypoints} | {point.keep_ratio:g} '
            f'| {point.tokens} | {point.multiply_adds / 1e9:.3f} | {shown} '
            f'| {point.encoder_bytes / 1e6:.1f} '
            f'| {"-" if other is None else f"{other / 1e6:.1f}"} |'
        )
    rows += [
        '',
        'Medians of {repeats} rounds, all of them in each; {threads} threads, {cores} '
        'cores, load before {load}; torch {torch}.'.format(**found.machine),
    ]
    return '\n'.join(rows)


def plot_scaling(found: Scaling, file: str) -> None:
    """Draw time, multiply-adds and memory over the number of visual tokens."""
    figure = Figure(figsize=(12, 4), layout='constrained')
    axes = figure.subplots(1, 3)
    kinds = dict.fromkeys((p.keypoints, p.keep_ratio) for p in found.points)
    for keypoints, ratio in kinds:
        points = [
            p for p in found.points if (p.keypoints, p.keep_ratio) == (keypoints, ratio)
        ]
        name = f'{keypoints} keypoints, keep {ratio:g}'
        tokens = [point.tokens for point in points]
        if points[0].latency is not None:
            times = [p.latency.median for p in points if p.latency]
            axes[0].plot(tokens, times, marker='o', label=name)
        work = [p.multiply_adds / 1e9 for p in points]
        axes[1].plot(tokens, work, marker='o', label=name)
        memory = [p.encoder_bytes / 1e6 for p in points]
        (line,) = axes[2].plot(tokens, memory, marker='o', label=name)
        others = [p.textbook_bytes / 1e6 for p in points if p.textbook_bytes]
        if others:
            axes[2].plot(tokens, others, linestyle=':', color=line.get_color())
    titles = (
        'ms an image',
        'multiply-adds, G',
        'MB of neck and encoder (dotted: textbook)',
    )
    for axis, title in zip(axes, titles):
        axis.set_title(title)
        axis.set_xlabel('visual tokens of the image')
    axes[2].set_yscale('log')
    axes[1].legend()
    figure.suptitle(found.config)
    figure.savefig(file, dpi=120)
