"""Tools answer --help at once, without MMPose."""

import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / 'tools'
SCRIPTS = [path for path in TOOLS.glob('*.py') if path.stem != 'options']


@pytest.mark.parametrize('script', SCRIPTS, ids=lambda path: path.stem)
def test_help_without_mmpose(script):
    code = (
        'import runpy, sys\n'
        'for name in ("torch", "mmengine", "mmpose", "ppt_mmpose"):\n'
        '    sys.modules[name] = None\n'
        f'sys.path.insert(0, {str(TOOLS)!r})\n'
        f'sys.argv = [{script.name!r}, "--help"]\n'
        f'runpy.run_path({str(script)!r}, run_name="__main__")\n'
    )
    result = subprocess.run(
        [sys.executable, '-c', code], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    assert 'usage:' in result.stdout
