"""The cores stand alone (contract: torch and numpy only)."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ppt_mmpose


@pytest.mark.parametrize('core', ['tokens', 'geometry'])
def test_a_core_runs_outside_the_package_without_mm_libraries(core, tmp_path):
    shutil.copytree(Path(ppt_mmpose.__file__).parent / core, tmp_path / core)
    code = (
        f'import sys, {core}; '
        'names = {name.partition(".")[0] for name in sys.modules}; '
        'found = names & {"mmengine", "mmcv", "mmpose", "mmdet", "cv2", "scipy", '
        '"ppt_mmpose"}; '
        'sys.exit(str(found) if found else 0)'
    )
    result = subprocess.run(
        [sys.executable, '-c', code], cwd=tmp_path, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
