"""``python -m ppt_mmpose.doctor``."""

import argparse
import platform
import sys
import warnings

from ..hosts import NAME, clone
from ..version import __version__
from .abilities import POSE_2D, abilities
from .libraries import has_pkg_resources, library_faults, versions
from .mim_files import LinkError, link_for_mim, mim_faults


def parse_args() -> argparse.Namespace:
    """Options of the command."""
    parser = argparse.ArgumentParser('python -m ppt_mmpose.doctor', description=__doc__)
    parser.add_argument(
        '--link-mim',
        action='store_true',
        help='make an editable install visible to mim, and do nothing else',
    )
    return parser.parse_args()


def examine() -> bool:
    """Write the report, line by line; tell whether 2D poses work."""
    _say(f'ppt_mmpose {__version__} in {clone() / NAME}')
    _say(f'Python {platform.python_version()} on {platform.platform()}')
    for name, version in versions().items():
        _say(f'  {name:<24}{version or "-"}')
    faults = library_faults()
    out_of_sight = list(mim_faults())
    _say('What works here:')
    works = {}
    for ability in abilities():
        works[ability.name] = ability.works
        _say(_line(ability.name, ability.works, ability.detail))
    mim = versions()['openmim'] is not None and has_pkg_resources()
    seen = mim and not out_of_sight
    _say(_line('mim', seen, 'sees configs and tools' if seen else 'see below'))
    faults += out_of_sight
    for fault in faults:
        _say(f'{"fault" if fault.blocking else "limit"}: {fault.found}')
        _say(f'  mend: {fault.mend}')
    healthy = works[POSE_2D] and not any(fault.blocking for fault in faults)
    _say('2D poses work.' if healthy else '2D poses do not work reliably here.')
    return healthy


def _say(line: str) -> None:
    sys.stdout.write(f'{line}\n')
    sys.stdout.flush()


def _line(name: str, works: bool, detail: str) -> str:
    return f'  {"yes" if works else "no":<4}{name:<12}{detail.splitlines()[0]}'


def main() -> None:
    """Print the report; exit with 1 if 2D pose estimation cannot work."""
    warnings.simplefilter('ignore')
    if parse_args().link_mim:
        try:
            _say(f'mim sees the clone through {link_for_mim()}')
        except LinkError as error:
            raise SystemExit(f'error: {error}') from None
        return
    if not examine():
        raise SystemExit(1)


if __name__ == '__main__':
    main()
