"""Options that the tools share, without importing anything slow."""

import argparse
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any, Callable, Dict, List, Optional

TESTS = Path(__file__).parents[1] / 'tests'


def at_least(least: int) -> Callable[[str], int]:
    """Whole numbers for ``type=``, so that others are refused before slow imports."""

    def parsed(text: str) -> int:
        if not text.lstrip('-').isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(
                f'expected a whole number, {least} or more, got {text!r}'
            )
        return int(text)

    return parsed


def add_cfg_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--cfg-options``."""
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        metavar='KEY=VALUE',
        help='changes to the config, such as model.neck.keep_ratio=0.8; a list as '
        'KEY="(1,3,4)", without spaces',
    )


def add_shared_options(parser: argparse.ArgumentParser) -> None:
    """Add what training and testing have in common."""
    parser.add_argument('--work-dir', metavar='DIR', help='logs and checkpoints')
    parser.add_argument('--show', action='store_true', help='draw results in a window')
    parser.add_argument(
        '--show-dir', metavar='DIR', help='draw results into a folder of the log folder'
    )
    parser.add_argument('--interval', type=int, default=1, help='draw every N samples')
    parser.add_argument(
        '--wait-time', type=float, default=1, help='seconds that a window stays'
    )
    add_cfg_options(parser)
    parser.add_argument(
        '--launcher', choices=['none', 'pytorch', 'slurm', 'mpi'], default='none'
    )
    # torch.distributed.launch gives it in either spelling.
    parser.add_argument('--local_rank', '--local-rank', type=int, default=0)


def parsed_cfg_options(options: Optional[List[str]]) -> dict:
    """``KEY=VALUE`` strings to a dict, with MMEngine's rules for values."""
    if not options:
        return {}
    for option in options:
        if '=' not in option:
            raise SystemExit(f'--cfg-options: expected KEY=VALUE, got {option!r}')
    from mmengine.config import DictAction

    parser = argparse.ArgumentParser()
    parser.add_argument('--cfg-options', nargs='+', action=DictAction)
    return parser.parse_args(['--cfg-options', *options]).cfg_options


def load_textbook() -> Optional[Callable]:
    """Textbook versions of models, which lie with the tests; None without these."""
    module = _beside_tests('textbook')
    return module and module.textbook_of


def load_views_textbook() -> Optional[Callable]:
    """As `load_textbook`, of models of several views."""
    module = _beside_tests('textbook')
    return module and module.textbook_views_of


def load_lifter_textbook() -> Optional[Callable]:
    """As `load_textbook`, of lifters."""
    module = _beside_tests('textbook_lifting')
    return module and module.textbook_lifter_of


def load_triangulation_loops() -> Optional[Dict[str, Callable]]:
    """Usual loops of triangulation, which lie with the tests; None without these."""
    module = _beside_tests('textbook_triangulation')
    return module and module.LOOPS


def _beside_tests(name: str) -> Optional[ModuleType]:
    path = TESTS / f'{name}.py'
    spec = importlib.util.spec_from_file_location(name, path)
    if not path.exists() or spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def named_values(option: str, given: List[str]) -> Dict[str, str]:
    """What was given as NAME=VALUE, once or more."""
    found: Dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition('=')
        if not (name and equals and value):
            raise ValueError(f'{option}: expected NAME=VALUE, got {text!r}')
        if name in found:
            raise ValueError(f'{option}: expected each camera once, got {name} twice')
        found[name] = value
    return found


def add_view_options(parser: Any, *, instead: str = '') -> None:
    """Add the views of several cameras, and the files of their calibration.

    Args:
        parser: or a group of its options.
        instead: begins the help of the views, where there is another way.
    """
    parser.add_argument(
        '--camera',
        action='append',
        default=[],
        metavar='NAME=PATH',
        help=f'{instead}a folder of images, a video or an image; once for each camera, '
        'by its name in the calibration',
    )
    parser.add_argument('--calibration', metavar='FILE', help='of any known format')
    parser.add_argument('--format', help='of the calibration, where it cannot be told')
    parser.add_argument(
        '--unit', help="of the calibration's lengths, where it is not the format's"
    )
