import subprocess
import sys

import ppt_mmpose


def run(code, **options):
    return subprocess.run(
        [sys.executable, '-W', 'ignore', '-c', code],
        capture_output=True,
        text=True,
        **options,
    )


def test_importing_registers_everything_and_says_nothing():
    code = (
        'import ppt_mmpose\n'
        'from mmpose.registry import DATASETS, HOOKS, MODELS\n'
        'assert MODELS.get("TopdownTokenPose") and MODELS.get("TokenPoseNeck")\n'
        'assert HOOKS.get("KeepRatioHook") and DATASETS.get("CheckedCocoDataset")\n'
    )
    result = run(code)
    assert (result.returncode, result.stdout, result.stderr) == (0, '', '')


def test_without_mmpose_one_error_with_the_command():
    result = run('import sys; sys.modules["mmpose"] = None; import ppt_mmpose')
    assert (
        result.stderr.rstrip()
        .splitlines()[-1]
        .startswith('ImportError: ppt_mmpose needs MMPose 1.x')
    )
    assert 'pip install --no-deps mmpose' in result.stderr


def test_version():
    assert ppt_mmpose.__version__.count('.') == 2
