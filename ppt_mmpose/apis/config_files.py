"""Where the package keeps its configs, finding one by name, and changing it."""

from functools import lru_cache
from pathlib import Path
from typing import List, Optional, Tuple

from mmengine.config import Config
from mmengine.utils import get_installed_path, is_installed

import ppt_mmpose

INPUTS = ('images', 'sequences')


def config_folder() -> Path:
    """The folder of the leaf configs, in an installed package or a source tree.

    Raises:
        FileNotFoundError: if the package came without its configs.
    """
    package = Path(ppt_mmpose.__file__).parent
    for folder in (package / '.mim' / 'configs', package.parent / 'configs'):
        if (folder / '_base_').is_dir():
            return folder
    raise FileNotFoundError(
        f'expected the configs of ppt_mmpose in {package / ".mim" / "configs"}; '
        'install the package from a wheel'
    )


def config_names(inputs: Optional[str] = None) -> List[str]:
    """Names of leaf configs, such as ``ppt_s_coco``.

    Args:
        inputs: what their models take: ``'images'``, or ``'sequences'`` of 2D joints,
            which lifters take; all configs when None, without reading them.

    Raises:
        ValueError: if there is no such kind.
    """
    names = sorted(path.stem for path in config_folder().glob('*.py'))
    if inputs is None:
        return names
    if inputs not in INPUTS:
        raise ValueError(f'inputs: expected one of {INPUTS}, got {inputs!r}')
    lifters = _lifters(tuple(names))
    return [name for name in names if (name in lifters) == (inputs == 'sequences')]


@lru_cache(maxsize=None)
def _lifters(names: Tuple[str, ...]) -> Tuple[str, ...]:
    """Those whose model is a TokenPoseLifter."""
    types = ((name, Config.fromfile(find_config(name)).model.type) for name in names)
    return tuple(name for name, type_ in types if type_.endswith('TokenPoseLifter'))


def find_config(name: str) -> Path:
    """The file of a config.

    Args:
        name: a path, the name of one of ours with or without ``.py``, or
            ``package::path`` for one that came with another package, as in MMEngine.

    Raises:
        FileNotFoundError: naming what there is.
    """
    package, found, below = name.partition('::')
    path = _packaged(package, below) if found else Path(name)
    if path.suffix == '.py' and path.is_file():
        return path
    ours = config_folder() / f'{path.name.removesuffix(".py")}.py'
    # A mistyped path to somebody's own config must not give ours.
    if str(path.parent) not in ('.', 'configs') or not ours.is_file():
        raise FileNotFoundError(
            f'config {name!r}: expected a path or one of {", ".join(config_names())}'
        )
    return ours


def _packaged(package: str, path: str) -> Path:
    if not is_installed(package):
        raise FileNotFoundError(f'{package}: expected an installed package, found none')
    file = Path(get_installed_path(package), '.mim', 'configs', path)
    if not file.is_file():
        raise FileNotFoundError(f'{file}: expected a config of {package}, found none')
    return file


def merge_options(cfg: Config, cfg_options: Optional[dict]) -> None:
    """Change a config, by dotted keys.

    Raises:
        ValueError: for a change of the codec. A config file writes it into the
            pipelines and the head while it is read, so later it changes nothing.
    """
    for key in cfg_options or {}:
        if key.partition('.')[0] == 'codec':
            raise ValueError(
                f'cfg_options: {key} has no effect, because pipelines and head have '
                'copies of the codec; expected a config file of your own that sets '
                'codec, pipelines and decoder'
            )
    cfg.merge_from_dict(cfg_options or {})


def flat_config(config: str, *, cfg_options: Optional[dict] = None) -> str:
    """The text of a config file that needs no bases.

    Args:
        config: a path, or the name of one of our configs.
        cfg_options: changes to the config, by dotted key.
    """
    cfg = Config.fromfile(find_config(config))
    merge_options(cfg, cfg_options)
    return cfg.pretty_text
