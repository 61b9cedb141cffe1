"""The host libraries: versions that work together, and commands that install them.

Imports nothing, so that it can be read where nothing works.
"""

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


def install_hosts(*, with_mmcv: bool) -> str:
    """The command that installs what importing ``ppt_mmpose`` needs.

    mmpose requires chumpy, which does not build, and openmim requires opendatalab,
    which holds setuptools back; neither is needed, hence ``--no-deps``.

    Args:
        with_mmcv: install mmcv-lite, too; it would damage an mmcv that is there.
    """
    packages = [MMPOSE, MIM] + [MMCV_LITE] * with_mmcv
    return (
        f'pip install "ppt_mmpose[mmpose]" && pip install --no-deps '
        f'{" ".join(packages)}'
    )
