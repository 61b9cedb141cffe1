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
    *_, error, command, doctor = result.stderr.rstrip().splitlines()
    assert error.startswith('ImportError: ppt_mmpose needs MMPose 1.x')
    # mmcv is there, and must not be overwritten.
    assert command.strip() == (
        'pip install "ppt_mmpose[mmpose]" && '
        'pip install --no-deps mmpose==1.3.2 openmim==0.3.9'
    )
    assert doctor.endswith('python -m ppt_mmpose.doctor')


def test_version():
    assert ppt_mmpose.__version__.count('.') == 2
