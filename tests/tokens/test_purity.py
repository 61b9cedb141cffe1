"""The core stands alone (contract: torch and numpy only)."""

import shutil
import subprocess
import sys
from pathlib import Path

import ppt_mmpose.tokens


def test_the_core_runs_outside_the_package_without_mm_libraries(tmp_path):
    shutil.copytree(Path(ppt_mmpose.tokens.__file__).parent, tmp_path / 'tokens')
    code = (
        'import sys, tokens; '
        'names = {name.partition(".")[0] for name in sys.modules}; '
        'found = names & {"mmengine", "mmcv", "mmpose", "mmdet", "ppt_mmpose"}; '
        'sys.exit(str(found) if found else 0)'
    )
    result = subprocess.run(
        [sys.executable, '-c', code], cwd=tmp_path, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
