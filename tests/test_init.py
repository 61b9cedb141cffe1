import subprocess
import sys
from importlib import metadata

import pytest

import ppt_mmpose
from ppt_mmpose.hosts import clone, install_hosts


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


@pytest.mark.parametrize(
    'plant',
    [
        'sys.modules["pkg_resources"] = None',
        'import mmcv; mmcv.__version__ = "9.9.9"',
    ],
)
def test_every_broken_host_is_the_same_error(plant):
    result = run(f'import sys; {plant}; import ppt_mmpose')
    assert 'ImportError: ppt_mmpose needs MMPose 1.x' in result.stderr


@pytest.mark.parametrize(('python', 'builds'), [((3, 11), False), ((3, 12), True)])
def test_the_command(monkeypatch, python, builds):
    monkeypatch.setattr(sys, 'version_info', python)
    monkeypatch.setattr(metadata, 'version', lambda name: '0.1.0')
    command = install_hosts(with_mmcv=True)
    assert command.endswith(
        'pip install "ppt_mmpose[mmpose]" && '
        'pip install --no-deps mmpose==1.3.2 openmim==0.3.9 mmcv-lite==2.1.0'
    )
    assert ('--no-build-isolation xtcocotools && ' in command) == builds
    assert 'mmcv-lite' not in install_hosts(with_mmcv=False)


def test_the_command_never_asks_an_index_for_the_package(monkeypatch):
    def not_installed(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, 'version', not_installed)
    assert f'pip install {clone()}[mmpose]' in unquoted(install_hosts(with_mmcv=True))


def unquoted(command):
    return command.replace("'", '')


def test_version():
    assert ppt_mmpose.__version__.count('.') == 2
