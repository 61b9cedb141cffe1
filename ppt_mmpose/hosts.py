"""The host libraries: versions that work together, and commands that install them.

Imports nothing of them, so that it can be read where nothing works.
"""

import sys

MMPOSE = 'mmpose==1.3.2'
MMCV = 'mmcv==2.1.0'
MMCV_LITE = 'mmcv-lite==2.1.0'
MIM = 'openmim==0.3.9'

# pip's cache would give a wheel that was built for another torch.
INSTALL_OPS = (
    'pip install ninja "setuptools<81" wheel && pip uninstall -y mmcv-lite && '
    'MMCV_WITH_OPS=1 pip install --no-build-isolation --no-cache-dir --no-deps '
    f'--no-binary mmcv {MMCV}'
)
# xtcocotools is published for Python up to 3.11; its build needs numpy beside it.
BUILD_XTCOCOTOOLS = (
    'pip install numpy cython "setuptools<81" wheel && '
    'pip install --no-deps --no-build-isolation xtcocotools && '
)
LAST_PYTHON_WITH_WHEEL = (3, 11)


def install_hosts(*, with_mmcv: bool) -> str:
    """The command that installs what importing ``ppt_mmpose`` needs.

    mmpose requires chumpy, which does not build, and openmim requires opendatalab,
    which holds setuptools back; neither is needed, hence ``--no-deps``.

    Args:
        with_mmcv: install mmcv-lite, too; it would damage an mmcv that is there.
    """
    packages = [MMPOSE, MIM] + [MMCV_LITE] * with_mmcv
    published = sys.version_info[:2] <= LAST_PYTHON_WITH_WHEEL
    return (
        f'{"" if published else BUILD_XTCOCOTOOLS}'
        f'pip install "ppt_mmpose[mmpose]" && '
        f'pip install --no-deps {" ".join(packages)}'
    )
