"""From a distiller's training checkpoint to the student's own weights."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

from torch import Tensor

from ppt_mmpose.compat.safe_loading import check_readable
from ppt_mmpose.version import __version__

from .candidates import candidates, dataset_meta, plain, prunes
from .engine import ConversionError, Fit, fit, nearest
from .writing import check_target, write_checkpoint

PREFIX = 'student.'


@dataclass(frozen=True)
class StudentExport:
    """What an export found and wrote.

    Attributes:
        configs: names of the configs whose model takes the weights; recorded in the
            meta of the file.
        written: the new checkpoint.
    """

    configs: List[str]
    written: Path


def export_student(
    source: str,
    target: str,
    *,
    config: Optional[str] = None,
    cfg_options: Optional[dict] = None,
) -> StudentExport:
    """Take the student out of a training checkpoint of a TokenDistiller.

    Where MMEngine's EMAHook averaged the weights, these are the averages, as in its
    checkpoints.

    Args:
        source: the training checkpoint.
        target: the file to write. It is written in one step, at the very end.
        config: name or path of the student's config; needed where it is none of ours.
        cfg_options: changes to it, by dotted key; needs ``config``.

    Raises:
        ConversionError: if the file is of no distiller, or its student fits no config.
            Nothing is written then.
    """
    check_target(source, target)
    if cfg_options and config is None:
        raise ConversionError('cfg_options: expected together with a config')
    content = _read(source)
    state = _student(source, content)
    possible = candidates(config, cfg_options)
    fits = {name: fit(state, model) for name, (_, model) in possible.items()}
    meta = content.get('meta', {}).get('dataset_meta')
    fitting = [name for name in fits if not fits[name].problems]
    if config is None:
        fitting = [name for name in fitting if _is_of(meta, possible[name][0])]
    if not fitting:
        raise ConversionError(f'{source}: the student {_why_not(fits, meta)}')
    written = dict(
        dataset_meta=plain(meta) or dataset_meta(possible[fitting[0]][0]),
        configs=[Path(name).stem for name in fitting],
        origin='student of a TokenDistiller',
        ppt_mmpose_version=__version__,
    )
    state = fits[fitting[0]].state
    write_checkpoint(dict(meta=written, state_dict=state), target)
    return StudentExport(fitting, Path(target))


def _read(source: str) -> Mapping[str, Any]:
    if not Path(source).is_file():
        raise ConversionError(f'{source}: expected a checkpoint, found no such file')
    try:
        content = check_readable(source)
    except ValueError as error:
        raise ConversionError(str(error)) from None
    state = content.get('state_dict') if isinstance(content, Mapping) else None
    if not isinstance(state, Mapping) or not state:
        raise ConversionError(
            f'{source}: expected a training checkpoint, with a state_dict, got none'
        )
    return content


def _student(source: str, content: Mapping[str, Any]) -> Dict[str, Tensor]:
    others = [key for key in content['state_dict'] if not key.startswith(PREFIX)]
    if others:
        raise ConversionError(
            f'{source}: expected a training checkpoint of a TokenDistiller, whose '
            f'entries begin with {PREFIX}, got {len(others)} others, such as '
            f'{others[0]}'
        )
    state = content['state_dict'].items()
    return {key.removeprefix(PREFIX): value for key, value in state}


def _is_of(meta: Optional[Mapping[str, Any]], cfg: Any) -> bool:
    """Whether a pruning config has the dataset of the training."""
    if not prunes(cfg):
        return False
    return not meta or meta['dataset_name'] == dataset_meta(cfg)['dataset_name']


def _why_not(fits: Mapping[str, Fit], meta: Optional[Mapping[str, Any]]) -> str:
    given = '; give its own one with --config' if len(fits) > 1 else ''
    whole = [name for name in fits if not fits[name].problems]
    if whole:
        data = meta['dataset_name'] if meta else 'no dataset'
        return f'fits {", ".join(whole)}, but learnt from {data}{given}'
    return f'{nearest(fits)}{given}'
