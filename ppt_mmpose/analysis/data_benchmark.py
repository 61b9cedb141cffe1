"""What the samples of a training cost before the model sees them."""

import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Callable, Dict, Iterator, List, Optional, Union

import cv2
import numpy as np
import torch
from mmengine.config import Config
from mmengine.fileio import dump as write
from mmengine.registry import FUNCTIONS, DefaultScope
from mmengine.runner import Runner
from mmpose.registry import DATASETS, MODELS

from ppt_mmpose.apis.config_files import find_config, merge_options

from .latency import Latency, expect_at_least, machine, summary, thread_count

LABELS, COLLATE, PREPROCESSOR = 'labels of a sample', 'collate', 'data preprocessor'


@dataclass(frozen=True)
class DataBenchmark:
    """What was measured, and on what.

    Attributes:
        config: its name.
        images: number of different samples.
        batch_size: samples of a batch.
        stages: time of every stage of the way, for one image: its labels, the
            transforms of the pipeline, the collation, and the data preprocessor of the
            model (on the CPU).
        pipeline: of labels, transforms and collation, for one image.
        loader: time of an image that comes out of torch's DataLoader.
        workers: processes of that loader; 0 for none beside this one.
        machine: as :func:`~ppt_mmpose.analysis.latency.machine` tells it.
    """

    config: str
    images: int
    batch_size: int
    stages: Dict[str, Latency]
    pipeline: Latency
    loader: Latency
    workers: int
    machine: Dict[str, Union[str, int, float]]

    def as_dict(self) -> Dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


class _Timed:
    """A stage that notes how long it takes."""

    def __init__(self, stage: Callable[[Any], Any]) -> None:
        self._stage = stage
        self.spent = 0.0

    def __call__(self, data: Any) -> Any:
        start = time.perf_counter()
        out = self._stage(data)
        self.spent += time.perf_counter() - start
        return out


def benchmark_data(
    config: str,
    *,
    images: int = 64,
    repeats: int = 5,
    workers: int = 0,
    cfg_options: Optional[dict] = None,
    out: Optional[str] = None,
) -> DataBenchmark:
    """Time the samples of a config's training, stage by stage, on one core.

    In every round the same samples, which fill whole batches, go the whole way once.

    Args:
        config: a path, or the name of one of our configs.
        images: different samples; rounded down to whole batches.
        repeats: rounds that are timed.
        workers: processes of the loader that is measured at the end.
        cfg_options: changes to the config, by dotted key.
        out: JSON file for all of it.

    Raises:
        FileNotFoundError: if there is no such config, or its data are not there.
        ValueError: for numbers that cannot be.
    """
    cfg = Config.fromfile(find_config(config))
    merge_options(cfg, cfg_options)
    batch_size = cfg.train_dataloader.batch_size
    expect_at_least(
        images=(images, batch_size), repeats=(repeats, 2), workers=(workers, 0)
    )
    scope = cfg.get('default_scope', 'mmpose')
    with DefaultScope.overwrite_default_scope(scope), thread_count(1), _one_opencv():
        dataset = DATASETS.build(cfg.train_dataloader.dataset)
        dataset.full_init()
        images = _whole_batches(images, len(dataset), batch_size)
        measured_on = dict(machine(torch.device('cpu')), repeats=repeats)
        rounds = _rounds(cfg, dataset, images, repeats)
        loader = _loader(cfg, dataset, images, repeats, workers)
    stages = {name: summary([one[name] for one in rounds]) for name in rounds[0]}
    whole = [sum(one.values()) - one[PREPROCESSOR] for one in rounds]
    found = DataBenchmark(
        find_config(config).stem,
        images,
        batch_size,
        stages,
        summary(whole),
        summary(loader),
        workers,
        measured_on,
    )
    if out:
        write(found.as_dict(), out, file_format='json', indent=2)
    return found


def _whole_batches(images: int, there: int, batch_size: int) -> int:
    if there < batch_size:
        raise ValueError(
            f'batch_size: expected at most the {there} samples of the training, '
            f'got {batch_size}'
        )
    return min(images, there) // batch_size * batch_size


@contextmanager
def _one_opencv() -> Iterator[None]:
    # As in a training, whose loaders are processes of their own.
    before = cv2.getNumThreads()
    cv2.setNumThreads(0)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def _collate_of(cfg: Config) -> Callable[[Any], Any]:
    options = dict(
        cfg.train_dataloader.get('collate_fn') or dict(type='pseudo_collate')
    )
    function = FUNCTIONS.get(options.pop('type'))
    return lambda batch: function(batch, **options)


def _rounds(
    cfg: Config, dataset: Any, images: int, repeats: int
) -> List[Dict[str, float]]:
    """Time of every stage for one image, in ms; one dict for each round."""
    transforms = dataset.pipeline.transforms
    timed = {
        _name(transforms, number): _Timed(t) for number, t in enumerate(transforms)
    }
    preprocessor = MODELS.build(cfg.model.data_preprocessor)
    sample = _Timed(dataset.prepare_data)
    collate = _Timed(_collate_of(cfg))
    prepare = _Timed(lambda batch: preprocessor(batch, True))
    own = {COLLATE: collate, PREPROCESSOR: prepare}
    found: List[Dict[str, float]] = []
    dataset.pipeline.transforms = list(timed.values())
    try:
        # Nothing is cached or connected when the first round begins, so it is left out.
        for _ in range(1 + repeats):
            _begin(sample, *timed.values(), *own.values())
            for batch in _batches(images, cfg.train_dataloader.batch_size):
                prepare(collate([sample(index) for index in batch]))
            inner = {name: 1000 * t.spent / images for name, t in timed.items()}
            labels = 1000 * sample.spent / images - sum(inner.values())
            outer = {name: 1000 * t.spent / images for name, t in own.items()}
            found.append({LABELS: labels, **inner, **outer})
    finally:
        dataset.pipeline.transforms = transforms
    return found[1:]


def _name(transforms: List[Any], number: int) -> str:
    """The transform's type, with a number where there are several."""
    names = [type(transform).__name__ for transform in transforms]
    name = names[number]
    before = names[:number].count(name)
    return f'{name} ({before + 1})' if before else name


def _begin(*stages: _Timed) -> None:
    # Every round draws the same random numbers.
    np.random.seed(0)
    torch.manual_seed(0)
    for stage in stages:
        stage.spent = 0.0


def _batches(images: int, batch_size: int) -> Iterator[range]:
    for start in range(0, images, batch_size):
        yield range(start, start + batch_size)


def _loader(
    cfg: Config, dataset: Any, images: int, repeats: int, workers: int
) -> List[float]:
    """Time of an image from the loader, in ms, for each round."""
    settings = dict(cfg.train_dataloader)
    settings.update(
        dataset=torch.utils.data.Subset(dataset, range(images)),
        num_workers=workers,
        persistent_workers=bool(workers),
        sampler=dict(type='DefaultSampler', shuffle=False),
    )
    loader = Runner.build_dataloader(settings, seed=0)
    taken: List[float] = []
    for _ in range(1 + repeats):
        _begin()
        start = time.perf_counter()
        for _ in loader:
            pass
        taken.append(1000 * (time.perf_counter() - start) / images)
    return taken[1:]


def data_report(found: DataBenchmark) -> str:
    """A Markdown table, and what comes out of the loader."""
    whole = found.pipeline.median
    rows = [
        f'| {name} | {time.median:.3f} [{time.low:.3f}, {time.high:.3f}] '
        f'| {time.median / whole:.0%} |'
        for name, time in found.stages.items()
    ]
    overhead = found.loader.median - whole
    kind = f'{found.workers} processes' if found.workers else 'no process of its own'
    return '\n'.join(
        [
            f'{found.config}: {found.images} samples in batches of {found.batch_size}',
            '',
            '| stage | ms an image [quartiles] | of labels to collate |',
            '|---' * 3 + '|',
            *rows,
            '',
            f'Labels to collate: {whole:.3f} ms an image, {1000 / whole:.0f} images a '
            'second on one core.',
            f'From a loader with {kind}: {found.loader.median:.3f} ms an image, '
            f'{1000 / found.loader.median:.0f} images a second; {overhead:+.3f} ms.',
            'Medians of {repeats} rounds; {cores} cores, load before {load}.'.format(
                **found.machine
            ),
        ]
    )
