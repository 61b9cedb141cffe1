"""The host libraries: their versions, and what keeps them from being imported."""

import importlib
import re
from importlib import metadata
from typing import Any, Dict, Iterator, List, Optional, Tuple

from ..hosts import (
    INSTALL_OPS,
    MIM,
    MMCV_LITE,
    MMDET,
    MMENGINE,
    MMPOSE,
    TORCH_WITHOUT_OPS,
    install_hosts,
    install_requirements,
)
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
# From, below, and what installs the right one.
SUPPORTED = {
    'mmengine': ((0, 10), (0, 11), f'pip install {MMENGINE}'),
    'mmcv': ((2, 0), (2, 2), f'pip uninstall -y mmcv && pip install {MMCV_LITE}'),
    'mmcv-lite': ((2, 0), (2, 2), f'pip install --no-deps {MMCV_LITE}'),
    'mmdet': ((3, 0), (3, 4), f'pip install {MMDET}'),
    'mmpose': ((1, 0), (2, 0), f'pip install --no-deps {MMPOSE}'),
}
FOR_PKG_RESOURCES = 'pip install "setuptools<81"'
HEADLESS = 'pip uninstall -y opencv-python && pip install "opencv-python-headless<4.12"'


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
    """Everything that is wrong with the host libraries, one fault for each cause."""
    unsupported = list(_unsupported_versions())
    known = [*_two_mmcvs(), *unsupported, *_mismatched_torchvision()]
    mends = {fault.mend for fault in known}
    # MMPose and MMDetection assert the versions of the others in words of their own.
    ignored = AssertionError if unsupported else ()
    failing = [fault for fault in _failing_imports(ignored) if fault.mend not in mends]
    return [*known, *failing, *_no_pkg_resources(), *_no_compiled_ops(), *_no_mim()]


def _failing_imports(ignored: Any) -> Iterator[Fault]:
    missing, seen = set(), set()
    for module in MODULES:
        try:
            _use(module)
        except ignored:
            pass
        except ModuleNotFoundError as error:
            if error.name != 'pkg_resources':
                missing.add((error.name or module).partition('.')[0])
        except Exception as error:
            # What one library cannot import, the next ones cannot either.
            if str(error) not in seen:
                seen.add(str(error))
                yield _failed(module, error)
    if missing:
        hosts = missing & {'mmpose', 'mmcv'}
        mend = install_hosts(with_mmcv='mmcv' in hosts)
        found = f'not installed: {", ".join(sorted(missing))}'
        yield Fault(found, mend if hosts else install_requirements())


def _use(module: str) -> None:
    """Import a library, and call what is compiled where importing does not tell."""
    library = importlib.import_module(module)
    if module == 'torchvision':
        torch = importlib.import_module('torch')
        library.ops.nms(torch.zeros(1, 4), torch.zeros(1), 0.5)


def _failed(module: str, error: Exception) -> Fault:
    found = f'{module} fails: {type(error).__name__}: {error}'
    if module == 'xtcocotools.mask' and 'numpy' in str(error):
        built = f'{module} was built for another numpy than {metadata.version("numpy")}'
        return Fault(f'{built} ({error})', 'pip install "numpy<2"')
    if module == 'torchvision':
        return Fault(found, _install_matching_torchvision())
    if 'libGL' in str(error):
        return Fault(found, HEADLESS)
    return Fault(
        found, f'pip install --force-reinstall --no-deps {_distribution(module)}'
    )


def _distribution(module: str) -> str:
    """What to install again for a module that is there and does not work."""
    owner = module.partition('.')[0]
    names = metadata.packages_distributions().get(owner, [owner])
    version = versions().get(names[0])
    return f'{names[0]}=={_release(version)}' if version else names[0]


def _two_mmcvs() -> Iterator[Fault]:
    if versions()['mmcv'] is not None and versions()['mmcv-lite'] is not None:
        yield Fault(
            'mmcv and mmcv-lite are both installed, one over the other; the command '
            'leaves mmcv-lite, without compiled operators',
            f'pip uninstall -y mmcv mmcv-lite && pip install --no-deps {MMCV_LITE}',
        )


def _unsupported_versions() -> Iterator[Fault]:
    found = versions()
    for name, (lowest, above, mend) in SUPPORTED.items():
        version = found[name]
        if version is not None and not lowest <= _numbers(version) < above:
            yield Fault(
                f'{name} {version} is not supported; expected at least '
                f'{_dotted(lowest)} and below {_dotted(above)}',
                mend,
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
    if needs and needs[0] != _release(found['torch']):
        yield Fault(
            f'torchvision {found["torchvision"]} is for torch {needs[0]}, '
            f'and torch is {found["torch"]}',
            _install_matching_torchvision(),
        )


def _install_matching_torchvision() -> str:
    # pip finds the torchvision whose requirements this torch meets.
    torch = _release(metadata.version('torch'))
    return f'pip uninstall -y torchvision && pip install torchvision "torch=={torch}"'


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
            f'setuptools {versions()["setuptools"]} has no pkg_resources, which '
            'MMPose, mim and configs with _base_ = "mmpose::..." need',
            FOR_PKG_RESOURCES,
        )


def _no_compiled_ops() -> Iterator[Fault]:
    found = versions()
    if found['mmcv'] is not None or found['mmcv-lite'] is None:
        return
    what = (
        'mmcv-lite has no compiled operators; nms and roi_align are served by '
        'torchvision, all others raise an error when they are called'
    )
    if found['torch'] and _numbers(found['torch']) >= TORCH_WITHOUT_OPS:
        what += f' (mmcv does not compile with torch {found["torch"]})'
        yield Fault(what, 'pip install "torch<2.14" torchvision', blocking=False)
    else:
        yield Fault(what, INSTALL_OPS, blocking=False)


def _no_mim() -> Iterator[Fault]:
    if versions()['openmim'] is None and versions()['mmpose'] is not None:
        yield Fault(
            'mim is not installed; tools/train.py and the like work without it',
            f'{install_requirements()} && pip install --no-deps {MIM}',
            blocking=False,
        )


def _release(version: str) -> str:
    return version.partition('+')[0]


def _numbers(version: str) -> Tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r'\d+', _release(version))[:2])


def _dotted(numbers: Tuple[int, ...]) -> str:
    return '.'.join(map(str, numbers))
