"""The host libraries: versions that work together, and commands that install them.

Imports nothing of them, so that it can be read where nothing works.
"""

import shlex
import sys
from importlib import metadata
from pathlib import Path

NAME = 'ppt_mmpose'
MMPOSE = 'mmpose==1.3.2'
MMDET = 'mmdet==3.3.0'
MMENGINE = 'mmengine==0.10.7'
MMCV = 'mmcv==2.1.0'
MMCV_LITE = 'mmcv-lite==2.1.0'
MIM = 'openmim==0.3.9'

# The old mmcv goes only when the new one is built, which takes ten minutes and may
# fail. pip's cache would give a wheel that was built for another torch.
INSTALL_OPS = (
    'pip install ninja "setuptools<81" wheel && '
    'MMCV_WITH_OPS=1 pip wheel --no-build-isolation --no-cache-dir --no-deps '
    f'--no-binary mmcv --wheel-dir mmcv_with_ops {MMCV} && '
    'pip uninstall -y mmcv-lite mmcv && pip install --no-deps mmcv_with_ops/mmcv-*.whl'
)
# From this torch on, mmcv 2.1.0 does not compile (it is C++17).
TORCH_WITHOUT_OPS = (2, 14)
# xtcocotools is published for Python up to 3.11; its build needs numpy beside it.
BUILD_XTCOCOTOOLS = (
    'pip install numpy cython "setuptools<81" wheel && '
    'pip install --no-deps --no-build-isolation xtcocotools && '
)
LAST_PYTHON_WITH_WHEEL = (3, 11)


def clone() -> Path:
    """The folder above the package: the clone, where it runs from one."""
    return Path(__file__).resolve().parents[1]


def _with_extra(extra: str) -> str:
    """This package with an extra, as pip takes it."""
    try:
        metadata.version(NAME)
        return f'"{NAME}[{extra}]"'
    except metadata.PackageNotFoundError:
        # By its name, pip would look for it elsewhere.
        return shlex.quote(f'{clone()}[{extra}]')


def install_web() -> str:
    """The command that installs what the web demo needs."""
    return f'pip install {_with_extra("web")}'


def install_requirements() -> str:
    """The command that installs what MMPose and mim need, without them."""
    package = _with_extra('mmpose')
    published = sys.version_info[:2] <= LAST_PYTHON_WITH_WHEEL
    return f'{"" if published else BUILD_XTCOCOTOOLS}pip install {package}'


def install_hosts(*, with_mmcv: bool) -> str:
    """The command that installs what importing ``ppt_mmpose`` needs.

    mmpose requires chumpy, which does not build, and openmim requires opendatalab,
    which holds setuptools back; neither is needed, hence ``--no-deps``.

    Args:
        with_mmcv: install mmcv-lite, too; it would damage an mmcv that is there.
    """
    packages = [MMPOSE, MIM] + [MMCV_LITE] * with_mmcv
    return f'{install_requirements()} && pip install --no-deps {" ".join(packages)}'
