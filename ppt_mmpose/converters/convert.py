"""From a released file to one that MMPose loads with our configs."""

from dataclasses import dataclass
from pathlib import Path
from typing import List, Mapping, Optional, Union

from torch import Tensor

from ppt_mmpose.version import __version__

from .candidates import candidates, dataset_meta, prunes
from .engine import ConversionError, fit, nearest, read_released, rename
from .key_tables import KeyTable, family, recognise
from .lifter_keys import LifterKeys, recognise_lifter, unsupported_lifter
from .writing import check_target, write_checkpoint


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
    kind = table.family if isinstance(table, LifterKeys) else family(state)
    origin = f'{table.origin}, class {kind}'
    try:
        renamed = rename(state, table)
    except ConversionError as error:
        raise ConversionError(f'{source} ({origin}): {error}') from None
    possible = candidates(config, cfg_options)
    fits = {name: fit(renamed, model) for name, (_, model) in possible.items()}
    fitting = [name for name in fits if not fits[name].problems]
    if not fitting:
        raise ConversionError(f'{source} ({origin}): {nearest(fits)}')
    configs = fitting
    if not config and not table.may_prune:
        configs = [n for n in fitting if not prunes(possible[n][0])] or fitting
    metas = [dataset_meta(possible[name][0]) for name in configs]
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
    write_checkpoint(dict(meta=meta, state_dict=fits[configs[0]].state), target)
    return Conversion(origin, fitting, configs, Path(target))


def _check_arguments(
    source: str, target: str, config: Optional[str], cfg_options: Optional[dict]
) -> None:
    check_target(source, target)
    if cfg_options and config is None:
        raise ConversionError('cfg_options: expected together with a config')


def _recognised(
    source: str, state: Mapping[str, Tensor]
) -> Union[KeyTable, LifterKeys]:
    table = recognise(state) or recognise_lifter(state)
    unsupported = unsupported_lifter(state)
    if table is None and unsupported is not None:
        raise ConversionError(
            f'{source}: expected MixSTE, MHFormer or MotionBERT of the HoT repository, '
            f'got {unsupported}, which is not supported'
        )
    if table is None:
        ours = any(key.startswith(('neck.', 'backbone.')) for key in state)
        raise ConversionError(
            f'{source}: expected a model of the TokenPose, PPT or HoT repository, got '
            + ('one that is converted already, ' if ours else 'unknown names, ')
            + f'such as {next(iter(state))!r}'
        )
    return table
