import subprocess
import sys

import pytest

import ppt_mmpose
from ppt_mmpose.hosts import install_hosts


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
    assert command.strip() == install_hosts(with_mmcv=False)
    assert doctor.endswith('python -m ppt_mmpose.doctor')


@pytest.mark.parametrize(('python', 'builds'), [((3, 11), False), ((3, 12), True)])
def test_the_command(monkeypatch, python, builds):
    monkeypatch.setattr(sys, 'version_info', python)
    command = install_hosts(with_mmcv=True)
    assert command.endswith(
        'pip install "ppt_mmpose[mmpose]" && '
        'pip install --no-deps mmpose==1.3.2 openmim==0.3.9 mmcv-lite==2.1.0'
    )
    assert ('--no-build-isolation xtcocotools && ' in command) == builds
    assert 'mmcv-lite' not in install_hosts(with_mmcv=False)


def test_version():
    assert ppt_mmpose.__version__.count('.') == 2
