"""Each fault is planted for real, found, and mended by the command that is printed."""

import importlib.util
import re
from importlib import metadata

import numpy as np
import pytest
from environment import BUILD, Environment, install

from ppt_mmpose.hosts import install_hosts

DOCTOR = 'python -m ppt_mmpose.doctor'
LITE = importlib.util.find_spec('mmcv._ext').loader is None


def examined(environment, folder):
    """The doctor's exit status, its faults as ``{found: command}``, and all it said."""
    code, output = environment.run(DOCTOR, folder)
    pairs = re.findall(r'^(?:fault|limit): (.*)\n  mend: (.*)$', output, re.MULTILINE)
    # That there are no compiled operators holds wherever there are none.
    return code, {f: m for f, m in pairs if 'no compiled operators' not in f}, output


def the_only(mends, part):
    (command,) = (command for found, command in mends.items() if part in found)
    return command


@pytest.fixture
def environment(tmp_path):
    return Environment(tmp_path / 'environment')


@pytest.fixture
def sick(environment, tmp_path):
    install(environment, 'wheel', tmp_path)
    return environment


def mended(environment, folder, commands):
    for command in commands:
        environment.check(command, folder)
    code, mends, output = examined(environment, folder)
    assert (code, mends) == (0, {}), output
    assert '  yes 2D poses' in output


@pytest.mark.skipif(
    np.__version__.startswith('2.'),
    reason='xtcocotools was built for numpy 2 here, so this fault cannot be planted',
)
def test_numpy_2_with_an_xtcocotools_for_numpy_1(sick, tmp_path):
    sick.check('pip install -q --no-deps "numpy>=2,<2.3"', tmp_path)
    code, mends, output = examined(sick, tmp_path)
    assert code == 1
    assert '  no  2D poses' in output
    command = the_only(mends, 'xtcocotools.mask was built for another numpy than 2.')
    assert command == 'pip install "numpy<2"'
    mended(sick, tmp_path, [command])


def test_a_torchvision_for_another_torch_and_no_pkg_resources(sick, tmp_path):
    _, minor, patch = metadata.version('torchvision').split('+')[0].split('.')
    sick.check(f'pip install -q --no-deps torchvision==0.{int(minor) - 1}.0', tmp_path)
    sick.check('pip install -q --no-deps "setuptools>=82"', tmp_path)
    # The pkg_resources of the setuptools below is still in sight.
    (sick.site / 'pkg_resources').mkdir()
    lost = (
        'raise ModuleNotFoundError("No module named \'pkg_resources\'", name=__name__)'
    )
    (sick.site / 'pkg_resources' / '__init__.py').write_text(lost)
    code, mends, _ = examined(sick, tmp_path)
    assert code == 1
    commands = [
        the_only(mends, 'is for torch'),
        the_only(mends, 'has no pkg_resources'),
    ]
    assert commands == [
        f'pip install --no-deps torchvision==0.{minor}.{patch}',
        'pip install "setuptools<81"',
    ]
    mended(sick, tmp_path, commands)


def test_no_files_for_mim(environment, tmp_path):
    wheel = install(environment, 'wheel', tmp_path)
    environment.check(f'rm -r {environment.site}/ppt_mmpose/.mim', tmp_path)
    code, mends, output = examined(environment, tmp_path)
    assert code == 1
    assert '  no  mim' in output
    assert '  no  2D poses' in output
    command = the_only(mends, 'there are no configs and tools in')
    assert command == f'pip install --force-reinstall --no-deps {wheel}'
    mended(environment, tmp_path, [command])


def test_an_editable_install_that_mim_cannot_see(environment, tmp_path):
    install(environment, 'editable', tmp_path)
    code, mends, output = examined(environment, tmp_path)
    assert code == 0
    assert '  no  mim' in output
    command = the_only(mends, 'the editable install is out of the sight of mim')
    assert command == 'python -m ppt_mmpose.doctor --link-mim'
    mended(environment, tmp_path, [command, command])


def test_on_the_path_but_not_installed(environment, tmp_path):
    source = install(environment, 'editable', tmp_path).removeprefix('-e ')
    environment.check('pip uninstall -q -y ppt_mmpose', tmp_path)
    (environment.site / 'source.pth').write_text(source)
    code, output = environment.run(f'{DOCTOR} --link-mim', tmp_path)
    assert code == 1
    assert 'error: ppt_mmpose is not installed; first: pip install' in output
    code, mends, _ = examined(environment, tmp_path)
    command = the_only(mends, 'not installed, so mim does not see it')
    options = ' '.join(BUILD)
    assert command == f'pip install {options} -e {source} && {DOCTOR} --link-mim'
    mended(environment, tmp_path, [command])


def test_a_wheel_needs_no_link(sick, tmp_path):
    code, output = sick.run(f'{DOCTOR} --link-mim', tmp_path)
    assert code == 1
    assert 'error: expected a clone of the repository' in output


def test_missing_and_broken_libraries(sick, tmp_path):
    plant = 'import sys; sys.modules.update(mmpose=None, six=None)'
    (sick.site / 'plant.pth').write_text(plant)
    code, mends, output = examined(sick, tmp_path)
    assert code == 1
    command = the_only(mends, 'not installed: mmpose')
    assert command == install_hosts(with_mmcv=False)
    assert 'no  2D poses' in output
    (sick.site / 'plant.pth').write_text('import sys; sys.modules["cv2"] = None')
    code, mends, _ = examined(sick, tmp_path)
    assert code == 1
    assert 'cv2' in ' '.join(mends)


def test_an_mmcv_of_another_version_and_two_mmcvs(sick, tmp_path):
    for name in ('mmcv', 'mmcv_lite'):
        folder = sick.site / f'{name}-9.9.9.dist-info'
        folder.mkdir()
        (folder / 'METADATA').write_text(
            f'Metadata-Version: 2.1\nName: {name}\nVersion: 9.9.9\n'
        )
    (sick.site / 'mmcv').mkdir()
    (sick.site / 'mmcv' / '__init__.py').write_text('__version__ = "9.9.9"')
    code, mends, _ = examined(sick, tmp_path)
    assert code == 1
    assert the_only(mends, 'are both installed') == (
        'pip uninstall -y mmcv mmcv-lite && pip install --no-deps mmcv-lite==2.1.0'
    )
    assert any('MMCV' in found for found in mends)


@pytest.mark.skipif(not LITE, reason='mmcv has its own operators here')
def test_no_compiled_operators(sick, tmp_path):
    code, output = sick.run(DOCTOR, tmp_path)
    assert code == 0
    assert 'limit: mmcv-lite has no compiled operators' in output
    assert 'MMCV_WITH_OPS=1 pip install --no-build-isolation' in output


@pytest.mark.skipif(LITE, reason='mmcv-lite has no operators')
def test_compiled_operators(sick, tmp_path):
    code, output = sick.run(DOCTOR, tmp_path)
    assert code == 0
    assert 'no compiled operators' not in output
