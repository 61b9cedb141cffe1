"""Packaging, with the files that mim looks for inside the package."""

import shutil
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
# mim finds tools, configs and the model index below <package>/.mim.
MIM_FILES = ('configs', 'tools', 'model-index.yml')


class BuildWithMimFiles(build_py):
    """Put the files for mim into the built package, not into the source tree."""

    def run(self) -> None:
        super().run()
        if getattr(self, 'editable_mode', False):
            return
        target = Path(self.build_lib) / 'ppt_mmpose' / '.mim'
        shutil.rmtree(target, ignore_errors=True)
        for name in MIM_FILES:
            source = ROOT / name
            if source.is_dir():
                ignore = shutil.ignore_patterns('__pycache__')
                shutil.copytree(source, target / name, ignore=ignore)
            else:
                target.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target / name)


def requirements(name: str) -> list:
    """The lines of a requirements file."""
    lines = (ROOT / 'requirements' / f'{name}.txt').read_text().splitlines()
    return [line for line in lines if line and not line.startswith('#')]


def version() -> str:
    """Read the version without importing the package."""
    content: dict = {}
    exec((ROOT / 'ppt_mmpose' / 'version.py').read_text(), content)
    return content['__version__']


setup(
    name='ppt_mmpose',
    version=version(),
    description='TokenPose, PPT, HoT and calibrated cameras for MMPose 1.x',
    long_description=(ROOT / 'README.md').read_text(),
    long_description_content_type='text/markdown',
    license='Apache-2.0',
    packages=find_packages(include=('ppt_mmpose', 'ppt_mmpose.*')),
    python_requires='>=3.10',
    # MMPose and mmcv are missing on purpose: mmpose requires chumpy, which does not
    # build, and mmcv would be compiled over an installed mmcv-lite. Without them,
    # importing the package names the command that installs them.
    install_requires=[
        'mmengine>=0.10.5',
        'numpy',
        'tomli; python_version < "3.11"',
        'tomli-w',
        'torch>=2.1',
        'torchvision',
        'tqdm',
    ],
    extras_require={
        'mmpose': requirements('stack'),
        'onnx': requirements('onnx'),
        'web': requirements('web'),
    },
    cmdclass={'build_py': BuildWithMimFiles},
    zip_safe=False,
)
