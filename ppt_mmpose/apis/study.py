"""A study: variants of one config, some seeds each, one table.

A study is a YAML file::

    config: ppt_s_lsp              # path or name
    metrics: [pck/tPCK]            # as the evaluators name them
    seeds: [0, 1, 2]
    options: {train_cfg.max_epochs: 20}
    variants:                      # options of their own; the first is compared with
      dense: {model.neck.keep_ratio: 1.0}
      keep 0.7: {model.neck.keep_ratio: 0.7}

Every run is a process of its own and leaves ``result.json`` in its folder; a run that
has one is not made again, and one that was stopped goes on, so a study may be stopped.
"""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev
from typing import Any, Dict, Iterator, List

from mmengine.fileio import load
from mmengine.logging import print_log

from .runner import latest_checkpoint, test, train

KEYS = ('config', 'metrics', 'seeds', 'options', 'variants')
ONE = (
    'import json, sys; from ppt_mmpose.apis.study import run; '
    'run(json.loads(sys.argv[1]))'
)


@dataclass(frozen=True)
class Study:
    """What a study file says.

    Attributes:
        config: path or name.
        metrics: as the evaluators name them; higher or lower may be better.
        seeds: of every variant.
        options: changes to the config that all runs share.
        variants: changes by the name of the variant.
    """

    config: str
    metrics: List[str]
    seeds: List[int]
    options: Dict[str, Any]
    variants: Dict[str, Dict[str, Any]]

    @classmethod
    def read(cls, path: str) -> 'Study':
        """Read a study file.

        Raises:
            ValueError: if a key is missing or unknown, or there is nothing to run.
        """
        content = load(path)
        if not isinstance(content, dict) or set(content) != set(KEYS):
            found = sorted(content) if isinstance(content, dict) else content
            raise ValueError(f'{path}: expected the keys {sorted(KEYS)}, got {found}')
        for key in ('metrics', 'seeds', 'variants'):
            if not content[key] or isinstance(content[key], str):
                raise ValueError(
                    f'{path}: {key}: expected one or more, got {content[key]!r}'
                )
        return cls(**content)


def run_study(path: str, work_dir: str) -> str:
    """Make the runs of a study that are missing, and the table of all.

    Args:
        path: a study file.
        work_dir: folder of the runs, and of ``table.md``, which is written anew after
            each of them.

    Returns:
        The table, Markdown.

    Raises:
        ValueError: for a bad study file.
        RuntimeError: if a run fails; it has said why.
    """
    study = Study.read(path)
    table = ''
    for task in _tasks(study, work_dir):
        if not Path(task['work_dir'], 'result.json').exists():
            print_log(f'{task["work_dir"]}: begins', logger='current')
            if subprocess.run([sys.executable, '-c', ONE, json.dumps(task)]).returncode:
                raise RuntimeError(f'{task["work_dir"]}: failed; it says why above')
        table = tabulate(study, work_dir)
        Path(work_dir, 'table.md').write_text(table)
    return table


def _tasks(study: Study, work_dir: str) -> Iterator[Dict[str, Any]]:
    # Seed by seed, so that an unfinished study compares like with like.
    for seed in study.seeds:
        for name, options in study.variants.items():
            yield dict(
                config=study.config,
                metrics=study.metrics,
                work_dir=str(_folder(work_dir, name, seed)),
                options={**study.options, **options, 'randomness.seed': seed},
            )


def _folder(work_dir: str, variant: str, seed: int) -> Path:
    return Path(work_dir) / f'{variant.replace(" ", "_")}_seed{seed}'


def run(task: Dict[str, Any]) -> None:
    """One run: training, test of its last checkpoint, ``result.json``.

    Args:
        task: config, metrics, work_dir and options.

    Raises:
        ValueError: if the evaluators do not give a metric.
    """
    folder, options = task['work_dir'], task['options']
    start = time.time()
    train(task['config'], work_dir=folder, resume='auto', cfg_options=dict(options))
    seconds = time.time() - start
    checkpoint = str(latest_checkpoint(folder))
    metrics = test(
        task['config'], checkpoint, work_dir=f'{folder}/test', cfg_options=dict(options)
    )
    unknown = [name for name in task['metrics'] if name not in metrics]
    if unknown:
        raise ValueError(f'metrics: expected some of {sorted(metrics)}, got {unknown}')
    result = dict(metrics=metrics, seconds=seconds)
    Path(folder, 'result.json').write_text(json.dumps(result))


def tabulate(study: Study, work_dir: str) -> str:
    """The table of the runs that are there, as Markdown.

    Args:
        study: whose runs.
        work_dir: folder of the runs.
    """
    columns = [f'{name} | against the first' for name in study.metrics]
    rows = [
        f'| variant | {" | ".join(columns)} | seeds | minutes a run |',
        '|---' * (2 * len(columns) + 3) + '|',
    ]
    first: Dict[int, Any] = {}
    for number, name in enumerate(study.variants):
        results = {
            seed: json.loads(file.read_text())
            for seed in study.seeds
            if (file := _folder(work_dir, name, seed) / 'result.json').exists()
        }
        if number == 0:
            first = results
        cells = [name]
        for metric in study.metrics:
            values = {seed: r['metrics'][metric] for seed, r in results.items()}
            differences = [
                value - first[seed]['metrics'][metric]
                for seed, value in values.items()
                if seed in first
            ]
            cells.append(_spread(list(values.values())))
            cells.append(_spread(differences) if number else '-')
        minutes = [result['seconds'] / 60 for result in results.values()]
        cells += [f'{len(results)}', f'{mean(minutes):.1f}' if minutes else '-']
        rows.append(f'| {" | ".join(cells)} |')
    return '\n'.join(rows) + '\n'


def _spread(values: List[float]) -> str:
    """Mean ± standard deviation."""
    if not values:
        return '-'
    if len(values) == 1:
        return f'{values[0]:.4f}'
    return f'{mean(values):.4f} ± {stdev(values):.4f}'
