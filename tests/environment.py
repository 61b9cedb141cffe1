"""Environments that have the stack of this one, and nothing of ours until installed.

An environment is made by venv, and sees the site-packages of this one after its own. So
what is installed into it, by real pip, comes first, and it takes no time to make.
"""

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[1]
STACK = sysconfig.get_path('purelib')
BUILD = ['--no-deps', '--no-build-isolation']


class Environment:
    """An environment in a folder, with commands as a user types them."""

    def __init__(self, folder):
        self.folder = folder
        subprocess.run(
            [sys.executable, '-m', 'venv', '--without-pip', str(folder)], check=True
        )
        self.python = folder / 'bin' / 'python'
        (self.site,) = folder.glob('lib/python*/site-packages')
        # Such files are read in the order of their names, and not in folders that one
        # of them names: setuptools' own, which stands in for distutils since Python
        # 3.12, is needed here, too.
        (self.site / 'a_stack.pth').write_text(f'{STACK}\n')
        for shim in Path(STACK).glob('distutils-precedence.pth'):
            shutil.copy(shim, self.site)
        (folder / 'start_mim.py').write_text('from mim.cli import cli\ncli()\n')
        # Quoted, because folders may have spaces, which a first line cannot have.
        self._script('pip', sys.executable, '-m', 'pip', '--python', self.python)
        self._script('mim', self.python, folder / 'start_mim.py')

    def _script(self, name, *command):
        path = self.folder / 'bin' / name
        line = ' '.join(shlex.quote(str(part)) for part in command)
        path.write_text(f'#!/bin/sh\nexec {line} "$@"\n')
        path.chmod(0o755)

    def run(self, command, cwd):
        """Run a line of shell; return its exit status and all that it said."""
        hidden = ('PYTHONPATH', 'PIP_CONSTRAINT')
        environment = {
            name: value for name, value in os.environ.items() if name not in hidden
        }
        result = subprocess.run(
            ['bash', '-c', command],
            cwd=cwd,
            env=environment
            | dict(
                PATH=f'{self.folder / "bin"}:{os.environ["PATH"]}',
                PIP_DISABLE_PIP_VERSION_CHECK='1',
                OMP_NUM_THREADS='1',
            ),
            capture_output=True,
            text=True,
        )
        return result.returncode, result.stdout + result.stderr

    def check(self, command, cwd):
        """As :meth:`run`, for a line that must succeed."""
        code, output = self.run(command, cwd)
        assert code == 0, f'{command}\n{output}'
        return output


def source_copy(folder):
    """What a clone holds, without tests; a build leaves files beside its source."""
    ignore = shutil.ignore_patterns('.*', 'build', 'tests', '__pycache__', 'work_dirs')
    shutil.copytree(ROOT, folder, ignore=ignore)
    return folder


def install(environment, kind, folder):
    """Install the working tree as a wheel, an sdist or editable.

    Returns:
        What pip was given.
    """
    source = source_copy(folder / 'source')
    if kind == 'wheel':
        options = ' '.join([*BUILD, '--no-index', '-q', '--wheel-dir'])
        environment.check(f'pip wheel {options} dist ./source', folder)
        (given,) = (folder / 'dist').glob('*.whl')
    elif kind == 'sdist':
        build = 'import setuptools.build_meta as b; b.build_sdist("../dist")'
        environment.check(f"python -c '{build}'", source)
        (given,) = (folder / 'dist').glob('*.tar.gz')
        shutil.rmtree(source)
    else:
        given = source
    editable = '-e ' if kind == 'editable' else ''
    what = editable + shlex.quote(str(given))
    environment.check(f'pip install -q {" ".join(BUILD)} {what}', folder)
    return given
