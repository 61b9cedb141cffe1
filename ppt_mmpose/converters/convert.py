"""From a released file to one that MMPose loads with our configs."""

import io
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple

import numpy as np
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.registry import DATASETS, MODELS
from torch import Tensor, nn

from ppt_mmpose.apis.config_files import config_names, find_config
from ppt_mmpose.engine import AtomicLocalBackend
from ppt_mmpose.version import __version__

from .engine import ConversionError, Fit, fit, read_released, rename
from .key_tables import KeyTable, family, recognise

Candidate = Tuple[Config, nn.Module]


@dataclass(frozen=True)
class Conversion:
    """What a conversion found and wrote.

    Attributes:
        family: origin and model class of the file, in words.
        fitting: names of all configs whose model takes the weights.
        configs: those of them that the file can belong to; recorded in its meta.
        written: the new checkpoint.
    """

    family: str
    fitting: List[str]
    configs: List[str]
    written: Path


def convert_checkpoint(
    source: str,
    target: str,
    *,
    config: Optional[str] = None,
    cfg_options: Optional[dict] = None,
) -> Conversion:
    """Convert a released checkpoint.

    Args:
        source: the released file.
        target: the file to write. It is written in one step, at the very end.
        config: name or path of the config that the file belongs to. Needed when
            the file fits configs of several datasets; otherwise it tells twins
            apart (a pruned model and its dense baseline have the same weights).
        cfg_options: changes to the config, as in MMEngine; needs ``config``.

    Raises:
        ConversionError: if the file is not understood or fits no config. Nothing
            is written then.
    """
    _check_arguments(source, target, config, cfg_options)
    state = read_released(Path(source))
    table = _recognised(source, state)
    origin = f'{table.origin}, class {family(state)}'
    try:
        renamed = rename(state, table)
    except ConversionError as error:
        raise ConversionError(f'{source} ({origin}): {error}') from None
    candidates = _candidates(config, cfg_options)
    fits = {name: fit(renamed, model) for name, (_, model) in candidates.items()}
    fitting = [name for name in fits if not fits[name].problems]
    if not fitting:
        raise ConversionError(f'{source} ({origin}): {_nearest(fits)}')
    configs = fitting
    if not config and not table.may_prune:
        configs = [n for n in fitting if not _prunes(candidates[n][0])] or fitting
    metas = [_dataset_meta(candidates[name][0]) for name in configs]
    datasets = sorted({meta['dataset_name'] for meta in metas})
    if len(datasets) > 1:
        raise ConversionError(
            f'{source} ({origin}): fits configs of several datasets '
            f'({", ".join(datasets)}); expected --config, one of {", ".join(configs)}'
        )
    meta = dict(
        dataset_meta=metas[0],
        configs=[Path(name).stem for name in configs],
        origin=origin,
        ppt_mmpose_version=__version__,
    )
    _write(dict(meta=meta, state_dict=fits[configs[0]].state), target)
    return Conversion(origin, fitting, configs, Path(target))


def _check_arguments(
    source: str, target: str, config: Optional[str], cfg_options: Optional[dict]
) -> None:
    if Path(source).resolve() == Path(target).resolve():
        raise ConversionError(f'{target}: expected another file than the source')
    if Path(target).is_dir():
        raise ConversionError(f'{target}: expected a file to write, got a folder')
    if cfg_options and config is None:
        raise ConversionError('cfg_options: expected together with a config')


def _recognised(source: str, state: Mapping[str, Tensor]) -> KeyTable:
    table = recognise(state)
    if table is None:
        ours = any(key.startswith('neck.') for key in state)
        raise ConversionError(
            f'{source}: expected a model of the TokenPose or PPT repository, got '
            + ('one that is converted already, ' if ours else 'unknown names, ')
            + f'such as {next(iter(state))!r}'
        )
    return table


def _write(content: dict, target: str) -> None:
    data = io.BytesIO()
    torch.save(content, data)
    try:
        AtomicLocalBackend().put(data.getvalue(), target)
    except OSError as error:
        raise ConversionError(f'{target}: cannot be written: {error}') from error


def _candidate(name: str, cfg_options: Optional[dict] = None) -> Candidate:
    """A config and its model, whose weights hold no memory."""
    init_default_scope('mmpose')
    try:
        cfg = Config.fromfile(find_config(name))
        cfg.merge_from_dict(cfg_options or {})
        with torch.device('meta'):
            return cfg, MODELS.build(cfg.model)
    except (ValueError, KeyError, AttributeError, RuntimeError) as error:
        raise ConversionError(
            f'config {name} with options {cfg_options or "none"}: expected a config '
            f'with a model of ours, got {type(error).__name__}: {error}'
        ) from error


@lru_cache(maxsize=None)
def _own_candidate(name: str) -> Candidate:
    return _candidate(name)


def _candidates(
    config: Optional[str], cfg_options: Optional[dict]
) -> Dict[str, Candidate]:
    if config:
        return {config: _candidate(config, cfg_options)}
    return {name: _own_candidate(name) for name in config_names()}


def _prunes(cfg: Config) -> bool:
    return bool(cfg.model.neck.get('prune_blocks'))


def _nearest(fits: Dict[str, Fit]) -> str:
    """Why the config that comes nearest does not fit."""

    def agreeing(name: str) -> int:
        return len(fits[name].state) - len(fits[name].problems)

    name = max(fits, key=agreeing)
    what = f'does not fit {name}' if len(fits) == 1 else f'fits no config; {name} is '
    what += '' if len(fits) == 1 else 'nearest'
    return f'{what}: {"; ".join(fits[name].problems)}'


def _dataset_meta(cfg: Config) -> dict:
    dataset = cfg.train_dataloader.dataset
    metainfo = dataset.get('metainfo') or DATASETS.get(dataset.type).METAINFO
    with warnings.catch_warnings():
        # MMPose warns that it finds its own file in its own package.
        warnings.filterwarnings('ignore', message='The metainfo config file')
        return _plain(parse_pose_metainfo(metainfo))


def _plain(value: Any) -> Any:
    """Containers and numbers of Python only, which load without a pickle's code."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    return value
