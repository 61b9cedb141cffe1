from importlib import metadata

import pytest

from ppt_mmpose.doctor import libraries


@pytest.mark.parametrize(
    ('torch', 'torchvision'),
    [
        ('2.11.0', '0.26.0'),
        ('2.1.2', '0.16.2'),
        ('2.13.0+cpu', '0.28.0'),
        ('2.4', '0.19.0'),
    ],
)
def test_torchvision_for_a_torch(monkeypatch, torch, torchvision):
    monkeypatch.setattr(metadata, 'version', lambda name: torch)
    command = libraries._install_matching_torchvision()
    assert command == f'pip install --no-deps torchvision=={torchvision}'


def test_versions_that_fit_are_no_fault(monkeypatch):
    fitting = dict.fromkeys(libraries.DISTRIBUTIONS)
    fitting |= dict(torch='2.1.2+cu118', torchvision='0.16.2+cu118')
    monkeypatch.setattr(libraries, 'versions', lambda: fitting)
    requires = ['numpy', 'torch (==2.1.2)', 'pillow>=5']
    monkeypatch.setattr(metadata, 'requires', lambda name: requires)
    assert not list(libraries._mismatched_torchvision())
    fitting['torch'] = '2.1.1'
    monkeypatch.setattr(metadata, 'version', lambda name: fitting[name])
    (fault,) = libraries._mismatched_torchvision()
    assert 'is for torch 2.1.2, and torch is 2.1.1' in fault.found
    assert fault.mend.endswith('torchvision==0.16.1')


def test_mim_may_be_missing(monkeypatch):
    found = dict.fromkeys(libraries.DISTRIBUTIONS, '1.0')
    monkeypatch.setattr(libraries, 'versions', lambda: found)
    assert not list(libraries._no_mim())
    found['openmim'] = None
    (limit,) = libraries._no_mim()
    assert not limit.blocking
    assert limit.mend.endswith('pip install --no-deps openmim==0.3.9')
