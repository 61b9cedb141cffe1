"""Accuracy, multiply-adds and time over keep ratios and prune sites of a checkpoint."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple, Union

import torch
from mmengine.fileio import dump as write

from ppt_mmpose.apis.config_files import find_config
from ppt_mmpose.apis.runner import test
from ppt_mmpose.apis.trained import configured, expect_single_views, load_trained
from ppt_mmpose.deploy import optimize_for_inference

from .latency import (
    Latency,
    expect_at_least,
    machine,
    measure_latency,
    thread_count,
    usable_device,
)
from .multiply_adds import count_multiply_adds
from .subject import Subject

Sites = Tuple[int, ...]
JSON = 'sweep.json'


@dataclass
class SweepPoint:
    """A keep ratio at some prune sites.

    Attributes:
        prune_blocks: 0-based blocks that prune.
        keep_ratio: part of the tokens that stays at each.
        multiply_adds: that one image really takes.
        accuracy: metrics by name; empty where none was asked for.
        latency: of a batch.
        speedup: time of the dense model over its own.
        pays: whether three quarters of its passes were faster than the median of the
            dense model's.
    """

    prune_blocks: Sites
    keep_ratio: float
    multiply_adds: int
    accuracy: Dict[str, float]
    latency: Latency
    speedup: float
    pays: bool


@dataclass
class Sweep:
    """What was found, and on what machine."""

    config: str
    batch_size: int
    points: List[SweepPoint]
    machine: Dict[str, Union[str, int, float]]


def sweep_keep_ratio(
    config: str,
    checkpoint: str,
    *,
    keep_ratios: Sequence[float] = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5),
    prune_sites: Optional[Sequence[Sequence[int]]] = None,
    accuracy: bool = True,
    batch_size: int = 1,
    repeats: int = 20,
    threads: Optional[int] = None,
    device: str = 'cpu',
    cfg_options: Optional[dict] = None,
    out_dir: Optional[str] = None,
) -> Sweep:
    """Evaluate one checkpoint at many budgets, without training it for them.

    Times are those of the model made ready for inference, all of them taking turns.

    Args:
        config: a path, or the name of one of our configs.
        checkpoint: weights that fit it.
        keep_ratios: in (0, 1]; the dense model, 1, is always among them.
        prune_sites: sets of 0-based blocks to prune in; the config's own when None.
        accuracy: evaluate on the config's test set, too.
        batch_size: images of a pass that is timed.
        repeats: timed passes.
        threads: threads on the CPU; those that PyTorch would take when None.
        device: where it runs.
        cfg_options: changes to the config, by dotted key.
        out_dir: folder for ``sweep.json``, which grows with every evaluation, and for
            the logs of the evaluations.

    Raises:
        FileNotFoundError: if there is no such config or checkpoint.
        MisfitError: if the weights are those of another model.
        ValueError: for a ratio, block or number that cannot be, or a model that never
            prunes, or that fuses views.
    """
    expect_at_least(batch_size=(batch_size, 1), repeats=(repeats, 2))
    place = usable_device(device)
    ratios = sorted({1.0, *map(float, keep_ratios)}, reverse=True)
    subjects = _subjects(config, checkpoint, prune_sites, cfg_options)
    # The dense model is the same at all sites.
    budgets = [(next(iter(subjects)), 1.0)]
    budgets += [(site, ratio) for site in subjects for ratio in ratios if ratio != 1]
    for site, ratio in budgets:
        # A ratio that cannot be shows before anything is measured.
        subjects[site].set_keep_ratio(ratio)
    with thread_count(threads):
        measured_on = dict(machine(place), repeats=repeats)
        times = _time(subjects, budgets, batch_size, repeats, place)
    points = [
        SweepPoint(
            site,
            ratio,
            _multiply_adds(subjects[site], ratio),
            {},
            time,
            times[0].median / time.median,
            ratio < 1 and time.high < times[0].median,
        )
        for (site, ratio), time in zip(budgets, times)
    ]
    found = Sweep(find_config(config).stem, batch_size, points, measured_on)
    _save(found, out_dir)
    if accuracy:
        for point in points:
            point.accuracy = _evaluate(point, config, checkpoint, cfg_options, out_dir)
            _save(found, out_dir)
    return found


def _subjects(
    config: str,
    checkpoint: str,
    prune_sites: Optional[Sequence[Sequence[int]]],
    cfg_options: Optional[dict],
) -> Dict[Sites, Subject]:
    """The trained model at each of the sites."""
    if prune_sites is None:
        cfg = configured(config, cfg_options)
        if 'neck' not in cfg.model:
            raise ValueError(
                f'{config}: expected the config of a TopdownTokenPose, got that of a '
                f'{cfg.model.type}'
            )
        prune_sites = [cfg.model.neck.get('prune_blocks', ())]
    sites = list(dict.fromkeys(tuple(map(int, site)) for site in prune_sites))
    if not sites or not all(sites):
        raise ValueError(
            'prune_sites: expected 0-based blocks to prune in, also for a model that '
            f'never prunes by itself; got {sites}'
        )
    subjects = {}
    for site in sites:
        options = {**(cfg_options or {}), **_budget(site, 1.0)}
        cfg, model = load_trained(config, checkpoint, cfg_options=options)
        expect_single_views(config, model)
        width, height = cfg.codec['input_size']
        subjects[site] = Subject(
            find_config(config).stem, (width, height), model, 1.0, [1.0]
        )
    return subjects


def _budget(site: Sites, keep_ratio: float) -> dict:
    return {'model.neck.prune_blocks': site, 'model.neck.keep_ratio': keep_ratio}


def _multiply_adds(subject: Subject, ratio: float) -> int:
    blueprint = subject.on(torch.device('meta'))
    return count_multiply_adds(blueprint.forward(ratio, blueprint.images())).total


def _time(
    subjects: Dict[Sites, Subject],
    budgets: Sequence[Tuple[Sites, float]],
    batch_size: int,
    repeats: int,
    device: torch.device,
) -> List[Latency]:
    ready: Dict[Sites, Subject] = {}
    for site, subject in subjects.items():
        fast = subject.on(device)
        fast.model = optimize_for_inference(fast.model)
        ready[site] = fast
    images = next(iter(ready.values())).images(batch_size)
    return measure_latency(
        [ready[site].forward(ratio, images) for site, ratio in budgets],
        repeats=repeats,
        device=device,
    )


def _evaluate(
    point: SweepPoint,
    config: str,
    checkpoint: str,
    cfg_options: Optional[dict],
    out_dir: Optional[str],
) -> Dict[str, float]:
    folder = Path(out_dir) if out_dir else Path('work_dirs') / 'sweep'
    blocks = '-'.join(map(str, point.prune_blocks))
    name = f'blocks_{blocks}_keep_{point.keep_ratio:g}'
    # MMEngine keeps one logger for each name, by default that of the second.
    options = {**_budget(point.prune_blocks, point.keep_ratio), 'experiment_name': name}
    return test(
        config,
        checkpoint,
        work_dir=str(folder / name),
        cfg_options={**(cfg_options or {}), **options},
    )


def _save(found: Sweep, out_dir: Optional[str]) -> None:
    if out_dir:
        Path(out_dir).mkdir(parents=True, exist_ok=True)
        write(asdict(found), f'{out_dir}/{JSON}', file_format='json', indent=2)
