"""Whether mim sees the configs and tools, and the link that an editable install needs.

mim looks in ``LOCATION/ppt_mmpose/.mim``, where LOCATION is the folder of the
installed metadata. A wheel has the files there. An editable install has its metadata
in site-packages and its code elsewhere, so that mim finds no such folder.
"""

import json
import shlex
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import Iterator, Optional
from urllib.parse import unquote, urlparse

from ..hosts import NAME, clone, install_requirements
from .fault import Fault
from .libraries import FOR_PKG_RESOURCES, has_pkg_resources

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
START = 'import mim.cli, mim.commands.run, mim.commands.test, mim.commands.train'


class LinkError(Exception):
    """The link for mim cannot be made, and why."""


def location() -> Optional[Path]:
    """The folder of the installed metadata, or None if the package is not installed."""
    answer = _elsewhere(ASK)
    return Path(answer.stdout.strip()) if answer.stdout.strip() else None


def _elsewhere(code: str) -> subprocess.CompletedProcess:
    """Run code as mim runs: a process started in a clone sees the clone first."""
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(
            [sys.executable, '-W', 'ignore', '-c', code],
            cwd=folder,
            capture_output=True,
            text=True,
        )


def mim_faults() -> Iterator[Fault]:
    """What keeps mim from starting, or from finding configs and tools."""
    if not has_pkg_resources():
        return  # a fault of its own
    if _installed('openmim'):
        started = _elsewhere(START)
        if started.returncode:
            why = started.stderr.strip().splitlines()[-1]
            found = f'mim does not start: {why}'
            yield Fault(found, install_requirements(), blocking=False)
    yield from _out_of_sight()


def _out_of_sight() -> Iterator[Fault]:
    folder, root = location(), clone()
    if folder is None:
        yield Fault(
            f'{root / NAME} is on the path, but not installed, so mim does not see it',
            f'{_install_editable()} && {LINK}',
            blocking=False,
        )
        return
    seen = folder / NAME
    if (seen / '.mim' / 'model-index.yml').is_file():
        return
    if not seen.exists() or (_is_clone(root) and seen.resolve() == root / NAME):
        yield Fault(
            f'mim does not see the clone {root}: there is no {seen / ".mim"}',
            LINK,
            blocking=False,
        )
    else:
        yield Fault(
            f'the package came without configs and tools: there is no {seen / ".mim"}',
            f'pip install --force-reinstall --no-deps {_origin()}',
        )


def _installed(distribution: str) -> bool:
    try:
        metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return False
    return True


def _is_clone(root: Path) -> bool:
    return (root / 'configs' / '_base_').is_dir()


def _install_editable() -> str:
    # Without isolation nothing is downloaded.
    options = '--no-deps --no-build-isolation'
    return f'pip install {options} -e {shlex.quote(str(clone()))}'


def _origin() -> str:
    """What the package was installed from, as far as pip has noted it."""
    note = metadata.distribution(NAME).read_text('direct_url.json')
    if not note:
        return f'<the wheel or the clone of {NAME}>'
    return shlex.quote(unquote(urlparse(json.loads(note)['url']).path))


def link_for_mim() -> Path:
    """Make an editable install visible to mim; may run twice.

    The link is added to what pip has recorded, so that uninstalling removes it.

    Returns:
        The folder in which mim looks.

    Raises:
        LinkError: if the package is not installed editable; nothing was written.
    """
    if not has_pkg_resources():
        raise LinkError(f'mim needs pkg_resources; first: {FOR_PKG_RESOURCES}')
    root, folder = clone(), location()
    if not _is_clone(root):
        raise LinkError(f'expected a clone of the repository, found {root}')
    if folder is None:
        raise LinkError(f'{NAME} is not installed; first: {_install_editable()}')
    link = folder / NAME
    if link.exists() and link.resolve() != root / NAME:
        raise LinkError(
            f'expected an editable install, but the package itself is in {link}'
        )
    records = list(folder.glob(f'{NAME}-*.dist-info/RECORD'))
    # Metadata that a build left in the clone needs no link.
    if folder != root and len(records) != 1:
        raise LinkError(
            f'expected one {NAME}-*.dist-info/RECORD in {folder}, got {len(records)}; '
            f'first: {_install_editable()}'
        )
    _put_files_in(root / NAME / '.mim')
    if folder != root:
        if not link.exists():
            link.unlink(missing_ok=True)
            link.symlink_to(root / NAME, target_is_directory=True)
        _record(records[0])
    return link


def _put_files_in(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name in FILES:
        if not (folder / name).exists():
            (folder / name).symlink_to(Path('..', '..', name))


def _record(record: Path) -> None:
    line = f'{NAME},,\n'
    if line not in record.read_text().splitlines(keepends=True):
        with record.open('a') as file:
            file.write(line)
