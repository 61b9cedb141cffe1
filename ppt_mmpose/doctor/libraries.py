"""The host libraries: their versions, and what keeps them from being imported."""

import importlib
import re
from importlib import metadata
from typing import Dict, Iterator, List, Optional

from ..hosts import INSTALL_OPS, MIM, MMCV_LITE, install_hosts
from .fault import Fault

DISTRIBUTIONS = (
    *('torch', 'torchvision', 'numpy', 'mmengine', 'mmcv', 'mmcv-lite', 'mmdet'),
    *('mmpose', 'openmim', 'xtcocotools', 'opencv-python', 'opencv-python-headless'),
    *('setuptools', 'onnx'),
)
# What is imported, in an order in which each one needs those before it.
MODULES = (
    *('numpy', 'torch', 'torchvision', 'cv2', 'xtcocotools.mask', 'mmengine', 'mmcv'),
    *('mmdet', 'mmpose'),
)
FOR_PKG_RESOURCES = 'pip install "setuptools<81"'


def versions() -> Dict[str, Optional[str]]:
    """Installed versions by distribution; None where it is not installed."""
    found: Dict[str, Optional[str]] = {}
    for name in DISTRIBUTIONS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = None
    return found


def library_faults() -> List[Fault]:
    """Everything that is wrong with the host libraries."""
    return [
        *_two_mmcvs(),
        *_mismatched_torchvision(),
        *_failing_imports(),
        *_no_pkg_resources(),
        *_no_compiled_ops(),
        *_no_mim(),
    ]


def _failing_imports() -> Iterator[Fault]:
    missing = []
    for module in MODULES:
        try:
            importlib.import_module(module)
        except ModuleNotFoundError as error:
            if (error.name or '').partition('.')[0] == module.partition('.')[0]:
                missing.append(module.partition('.')[0])
            elif error.name != 'pkg_resources':
                mend = f'pip install {error.name}'
                yield Fault(f'importing {module} needs {error.name}', mend)
        except Exception as error:
            yield _failed(module, error)
    if missing:
        mend = install_hosts(with_mmcv='mmcv' in missing)
        yield Fault(f'not installed: {", ".join(missing)}', mend)


def _failed(module: str, error: Exception) -> Fault:
    found = f'importing {module} fails: {type(error).__name__}: {error}'
    if module == 'xtcocotools.mask' and 'numpy' in str(error):
        built = f'{module} was built for another numpy than {metadata.version("numpy")}'
        return Fault(f'{built} ({error})', 'pip install "numpy<2"')
    if module == 'torchvision':
        return Fault(found, _install_matching_torchvision())
    if 'MMCV' in str(error):
        lite = versions()['mmcv-lite'] is not None
        return Fault(found, f'pip install {MMCV_LITE}' if lite else INSTALL_OPS)
    return Fault(found, install_hosts(with_mmcv=False))


def _two_mmcvs() -> Iterator[Fault]:
    if versions()['mmcv'] is not None and versions()['mmcv-lite'] is not None:
        yield Fault(
            'mmcv and mmcv-lite are both installed, one over the other',
            f'pip uninstall -y mmcv mmcv-lite && pip install --no-deps {MMCV_LITE}',
        )


def _mismatched_torchvision() -> Iterator[Fault]:
    """Where it imports all the same, some of its operators may be missing."""
    found = versions()
    if found['torch'] is None or found['torchvision'] is None:
        return
    needs = [
        match[1]
        for line in metadata.requires('torchvision') or []
        if (match := re.match(r'torch\s*\(?==\s*([\d.]+)', line))
    ]
    torch_version = _release(found['torch'])
    if needs and _release(needs[0]) != torch_version:
        yield Fault(
            f'torchvision {found["torchvision"]} is for torch {needs[0]}, '
            f'and torch is {found["torch"]}',
            _install_matching_torchvision(),
        )


def _release(version: str) -> str:
    return version.partition('+')[0]


def _install_matching_torchvision() -> str:
    # torch 2.N.P and torchvision 0.(N + 15).P appear together.
    _, minor, patch = (*_release(metadata.version('torch')).split('.'), '0', '0')[:3]
    return f'pip install --no-deps torchvision==0.{int(minor) + 15}.{patch}'


def has_pkg_resources() -> bool:
    """Whether setuptools still has what mim reads metadata with."""
    try:
        importlib.import_module('pkg_resources')
    except ImportError:
        return False
    return True


def _no_pkg_resources() -> Iterator[Fault]:
    if not has_pkg_resources():
        yield Fault(
            f'setuptools {versions()["setuptools"]} has no pkg_resources, which mim '
            'and configs with _base_ = "mmpose::..." need',
            FOR_PKG_RESOURCES,
            blocking=False,
        )


def _no_compiled_ops() -> Iterator[Fault]:
    if versions()['mmcv'] is None and versions()['mmcv-lite'] is not None:
        yield Fault(
            'mmcv-lite has no compiled operators; nms and roi_align are served by '
            'torchvision, all others raise an error when they are called',
            INSTALL_OPS,
            blocking=False,
        )


def _no_mim() -> Iterator[Fault]:
    if versions()['openmim'] is None and versions()['mmpose'] is not None:
        yield Fault(
            'mim is not installed; tools/train.py and the like work without it',
            f'pip install "ppt_mmpose[mmpose]" && pip install --no-deps {MIM}',
            blocking=False,
        )
