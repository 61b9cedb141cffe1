import importlib
import sys
from importlib import metadata
from unittest import mock

import pytest

from ppt_mmpose import hosts
from ppt_mmpose.doctor import __main__ as doctor
from ppt_mmpose.doctor import libraries
from ppt_mmpose.doctor.abilities import Ability
from ppt_mmpose.doctor.fault import Fault


@pytest.fixture
def found(monkeypatch):
    """Versions that are pretended to be installed."""
    fitting = dict.fromkeys(libraries.DISTRIBUTIONS)
    fitting |= {'mmcv-lite': '2.1.0', 'mmdet': '3.3.0', 'mmpose': '1.3.2'}
    fitting |= {'mmengine': '0.10.7', 'torch': '2.1.2+cu118', 'openmim': '0.3.9'}
    fitting |= {'torchvision': '0.16.2+cu118', 'numpy': '1.26.4'}
    fitting |= {'ppt_mmpose': '0.1.0'}
    monkeypatch.setattr(libraries, 'versions', lambda: fitting)
    monkeypatch.setattr(metadata, 'version', lambda name: fitting[name])
    monkeypatch.setattr(metadata, 'requires', lambda name: ['torch (==2.1.2)'])
    return fitting


@pytest.fixture
def failing(monkeypatch):
    """Errors that importing a module is pretended to raise."""
    errors = {}

    def import_module(name):
        if name in errors:
            raise errors[name]
        return mock.MagicMock()

    monkeypatch.setattr(importlib, 'import_module', import_module)
    return errors


def test_what_fits_is_no_fault(found, failing):
    (limit,) = libraries.library_faults()
    assert 'no compiled operators' in limit.found
    assert limit.mend == hosts.INSTALL_OPS
    assert not limit.blocking


@pytest.mark.parametrize(
    ('name', 'version', 'mend'),
    [
        ('mmpose', '0.29.0', 'pip install --no-deps mmpose==1.3.2'),
        ('mmdet', '2.28.2', 'pip install mmdet==3.3.0'),
        ('mmengine', '0.7.0', 'pip install mmengine==0.10.7'),
        ('mmcv-lite', '2.2.0', 'pip install --no-deps mmcv-lite==2.1.0'),
        ('mmcv', '2.2.0', 'pip uninstall -y mmcv && pip install mmcv-lite==2.1.0'),
    ],
)
def test_an_unsupported_version_is_the_only_cause(found, failing, name, version, mend):
    found[name] = version
    if name == 'mmcv':
        found['mmcv-lite'] = None
    failing['mmpose'] = AssertionError('MMCV==2.1.0 is used but incompatible')
    fault, *limits = libraries.library_faults()
    assert f'{name} {version} is not supported' in fault.found
    assert fault.mend == mend
    assert not any(limit.blocking for limit in limits)


def test_what_is_missing_is_one_fault_with_one_command(found, failing):
    for module in ('numpy', 'torch', 'cv2', 'mmdet'):
        failing[module] = ModuleNotFoundError(name='numpy')
    failing['mmengine'] = ModuleNotFoundError(name='yaml')
    fault, _ = libraries.library_faults()
    assert fault.found == 'not installed: numpy, yaml'
    # Not by the name of a module, which may be anybody's on an index.
    assert fault.mend == hosts.install_requirements()


def test_a_library_without_a_screen(found, failing):
    for module in ('cv2', 'mmengine', 'mmpose'):
        failing[module] = ImportError('libGL.so.1: cannot open shared object file')
    fault, _ = libraries.library_faults()
    assert fault.mend.startswith('pip uninstall -y opencv-python && pip install "openc')


def test_anything_else_is_installed_again(found, failing):
    failing['torch'] = OSError('libtorch.so: invalid ELF header')
    fault, _ = libraries.library_faults()
    assert fault.mend == 'pip install --force-reinstall --no-deps torch==2.1.2'


def test_a_torchvision_for_another_torch(found, failing):
    found['torch'] = '2.1.1'
    fault, _ = libraries.library_faults()
    assert 'is for torch 2.1.2, and torch is 2.1.1' in fault.found
    assert fault.mend == (
        'pip uninstall -y torchvision && pip install torchvision "torch==2.1.1"'
    )


def test_a_torch_that_is_too_new_to_compile_operators(found, failing, monkeypatch):
    found['torch'] = '2.15.0'
    monkeypatch.setattr(metadata, 'requires', lambda name: ['torch (>=2.14.0)'])
    (limit,) = libraries.library_faults()
    assert 'does not compile with torch 2.15.0' in limit.found
    assert 'MMCV_WITH_OPS' not in limit.mend


def test_mim_may_be_missing(found, failing):
    found['openmim'] = None
    *_, limit = libraries.library_faults()
    assert not limit.blocking
    assert limit.mend.endswith('pip install --no-deps openmim==0.3.9')


@pytest.mark.parametrize(
    ('works', 'blocking', 'healthy'),
    [(True, False, True), (True, True, False), (False, False, False)],
)
def test_the_verdict(monkeypatch, capsys, works, blocking, healthy):
    ability = Ability(doctor.POSE_2D, works, 'detail')
    monkeypatch.setattr(doctor, 'abilities', lambda: [ability])
    fault = Fault('found', 'mend', blocking=blocking)
    monkeypatch.setattr(doctor, 'library_faults', lambda: [fault])
    monkeypatch.setattr(doctor, 'mim_faults', lambda: [])
    monkeypatch.setattr(sys, 'argv', ['doctor'])
    if healthy:
        doctor.main()
    else:
        with pytest.raises(SystemExit) as stop:
            doctor.main()
        assert stop.value.code == 1
    printed = capsys.readouterr().out
    assert f'{"fault" if blocking else "limit"}: found\n  mend: mend' in printed
