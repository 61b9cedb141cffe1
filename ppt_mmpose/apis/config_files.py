"""Where the package keeps its configs, and finding one by name."""

from pathlib import Path
from typing import List

import ppt_mmpose


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


def config_names() -> List[str]:
    """Names of all leaf configs, such as ``ppt_s_coco``."""
    return sorted(path.stem for path in config_folder().glob('*.py'))


def find_config(name: str) -> Path:
    """The file of a config.

    Args:
        name: a path, or the name of one of ours with or without ``.py``.

    Raises:
        FileNotFoundError: naming what there is.
    """
    path = Path(name)
    if path.suffix == '.py' and path.is_file():
        return path
    ours = config_folder() / f'{path.name.removesuffix(".py")}.py'
    # A mistyped path to somebody's own config must not give ours.
    if str(path.parent) not in ('.', 'configs') or not ours.is_file():
        raise FileNotFoundError(
            f'config {name!r}: expected a path or one of {", ".join(config_names())}'
        )
    return ours
