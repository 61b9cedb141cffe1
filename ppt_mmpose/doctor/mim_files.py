"""Whether mim sees the configs and tools, and the link that an editable install needs.

mim looks in ``LOCATION/ppt_mmpose/.mim``, where LOCATION is the folder of the
installed metadata. A wheel has the files there. An editable install has its metadata
in site-packages and its code elsewhere, so that mim finds no such folder.
"""

import json
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import Iterator, Optional

from .fault import Fault
from .libraries import has_pkg_resources

NAME = 'ppt_mmpose'
PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE.parent
FILES = ('configs', 'tools', 'model-index.yml')
LINK = 'python -m ppt_mmpose.doctor --link-mim'
# As mim asks; prints nothing where the package is not installed.
ASK = f"""
import pkg_resources
try:
    print(pkg_resources.get_distribution({NAME!r}).location)
except pkg_resources.DistributionNotFound:
    pass
"""


class LinkError(Exception):
    """The link for mim cannot be made, and why."""


def location() -> Optional[Path]:
    """The folder of the installed metadata, or None if the package is not installed.

    Asked in a process of its own, because a process that was started in a clone sees
    the clone first, and mim does not.
    """
    with tempfile.TemporaryDirectory() as elsewhere:
        answer = subprocess.run(
            [sys.executable, '-W', 'ignore', '-c', ASK],
            cwd=elsewhere,
            capture_output=True,
            text=True,
        )
    if answer.returncode:
        raise LinkError(f'pkg_resources fails: {answer.stderr.strip()}')
    return Path(answer.stdout.strip()) if answer.stdout.strip() else None


def mim_faults() -> Iterator[Fault]:
    """What keeps mim from finding configs and tools."""
    if not has_pkg_resources():
        return  # a fault of its own
    folder = location()
    if folder is None:
        yield Fault(
            f'{PACKAGE} is on the path, but not installed, so mim does not see it',
            f'pip install --no-deps --no-build-isolation -e {ROOT} && {LINK}',
            blocking=False,
        )
    elif not (folder / NAME).exists():
        yield Fault(
            f'the editable install is out of the sight of mim, which looks for '
            f'{folder / NAME}',
            LINK,
            blocking=False,
        )
    elif not (folder / NAME / '.mim' / 'model-index.yml').is_file():
        linked = (folder / NAME).is_symlink()
        yield Fault(
            f'there are no configs and tools in {folder / NAME / ".mim"}',
            LINK if linked else f'pip install --force-reinstall --no-deps {_origin()}',
            # A clone has its configs beside the package.
            blocking=not linked,
        )


def _origin() -> str:
    """What the package was installed from, as far as pip has noted it."""
    note = metadata.distribution(NAME).read_text('direct_url.json')
    return json.loads(note)['url'].removeprefix('file://') if note else NAME


def link_for_mim() -> Path:
    """Make an editable install visible to mim; may run twice.

    The link is added to what pip has recorded, so that uninstalling removes it.

    Returns:
        The link.

    Raises:
        LinkError: if the package is not installed editable.
    """
    if not (ROOT / 'configs' / '_base_').is_dir():
        raise LinkError(f'expected a clone of the repository, found {ROOT}')
    folder = location()
    if folder is None:
        raise LinkError(
            f'{NAME} is not installed; first: '
            f'pip install --no-deps --no-build-isolation -e {ROOT}'
        )
    link = folder / NAME
    if link.exists() and link.resolve() != PACKAGE:
        raise LinkError(
            f'expected an editable install, but the package itself is in {link}'
        )
    inside = PACKAGE / '.mim'
    inside.mkdir(exist_ok=True)
    for name in FILES:
        if not (inside / name).exists():
            (inside / name).symlink_to(Path('..', '..', name))
    if not link.exists():
        link.unlink(missing_ok=True)
        link.symlink_to(PACKAGE, target_is_directory=True)
    _record(link)
    return link


def _record(link: Path) -> None:
    (record,) = link.parent.glob(f'{NAME}-*.dist-info/RECORD')
    line = f'{NAME},,\n'
    if line not in record.read_text().splitlines(keepends=True):
        with record.open('a') as file:
            file.write(line)
