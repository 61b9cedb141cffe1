"""Faults are planted for real, found, and mended by the command that is printed."""

import importlib.util
import re
import shutil
from importlib import metadata

import numpy as np
import pytest
from environment import Environment, install

from ppt_mmpose.hosts import INSTALL_OPS

DOCTOR = 'python -m ppt_mmpose.doctor'
LINK = f'{DOCTOR} --link-mim'
LITE = importlib.util.find_spec('mmcv._ext').loader is None


def examined(environment, folder):
    """The doctor's exit status, its faults as ``{found: command}``, and all it said."""
    code, output = environment.run(DOCTOR, folder)
    pairs = re.findall(r'^(?:fault|limit): (.*)\n  mend: (.*)$', output, re.MULTILINE)
    # That there are no compiled operators holds wherever there are none.
    return code, {f: m for f, m in pairs if 'no compiled operators' not in f}, output


def the_only(mends, part):
    """The command of the one fault there is."""
    assert len(mends) == 1, mends
    ((found, command),) = mends.items()
    assert part in found
    return command


@pytest.fixture
def folder(tmp_path):
    """With a space, as folders of users have."""
    (tmp_path / 'a folder').mkdir()
    return tmp_path / 'a folder'


@pytest.fixture
def environment(folder):
    return Environment(folder / 'environment')


@pytest.fixture
def sick(environment, folder):
    install(environment, 'wheel', folder)
    return environment


def check_mended(environment, folder, command):
    environment.check(command, folder)
    code, mends, output = examined(environment, folder)
    assert (code, mends) == (0, {}), output
    assert '  yes 2D poses' in output
    assert '  yes mim ' in output


@pytest.mark.skipif(
    np.__version__.startswith('2.'),
    reason='xtcocotools was built for numpy 2 here, so this fault cannot be planted',
)
def test_numpy_2_with_an_xtcocotools_for_numpy_1(sick, folder):
    sick.check('pip install -q --no-deps "numpy>=2,<2.3"', folder)
    code, mends, output = examined(sick, folder)
    assert code == 1
    assert '  no  2D poses' in output
    command = the_only(mends, 'xtcocotools.mask was built for another numpy than 2.')
    check_mended(sick, folder, command)


def test_a_torchvision_for_another_torch(sick, folder):
    _, minor, _ = metadata.version('torchvision').split('+')[0].split('.')
    sick.check(f'pip install -q --no-deps torchvision==0.{int(minor) - 1}.0', folder)
    code, mends, _ = examined(sick, folder)
    assert code == 1
    check_mended(sick, folder, the_only(mends, 'is for torch'))


def test_a_broken_torchvision(sick, folder):
    version = metadata.version('torchvision').split('+')[0]
    sick.check(f'pip install -q --no-deps -I torchvision=={version}', folder)
    for library in (sick.site / 'torchvision').glob('_C*.so'):
        library.unlink()
    code, mends, _ = examined(sick, folder)
    assert code == 1
    check_mended(sick, folder, the_only(mends, 'torchvision fails: '))


def test_no_pkg_resources(sick, folder):
    sick.check('pip install -q --no-deps "setuptools>=82"', folder)
    # The pkg_resources of the setuptools below is still in sight.
    (sick.site / 'pkg_resources').mkdir()
    lost = (
        'raise ModuleNotFoundError("No module named \'pkg_resources\'", name=__name__)'
    )
    (sick.site / 'pkg_resources' / '__init__.py').write_text(lost)
    code, mends, output = examined(sick, folder)
    assert code == 1
    assert '  no  mim' in output
    command = the_only(mends, 'has no pkg_resources')
    _, output = sick.run(LINK, folder)
    assert output == f'error: mim needs pkg_resources; first: {command}\n'
    check_mended(sick, folder, command)


def test_no_files_for_mim(environment, folder):
    install(environment, 'wheel', folder)
    shutil.rmtree(environment.site / 'ppt_mmpose' / '.mim')
    code, mends, output = examined(environment, folder)
    assert code == 1
    assert '  no  2D poses' in output
    command = the_only(mends, 'the package came without configs and tools')
    check_mended(environment, folder, command)


def test_an_editable_install_that_mim_cannot_see(environment, folder):
    source = install(environment, 'editable', folder)
    code, mends, output = examined(environment, folder)
    assert code == 0
    assert '  no  mim' in output
    command = the_only(mends, 'mim does not see the clone')
    assert command == LINK
    environment.check(command, folder)
    check_mended(environment, folder, command)
    # A wheel over it takes the place of the link, not of the clone.
    files = sorted(path for path in source.rglob('*.py') if 'build' not in path.parts)
    environment.check(
        f'pip install -q --no-deps --no-build-isolation "{source}"', folder
    )
    assert not (environment.site / 'ppt_mmpose').is_symlink()
    environment.check('pip uninstall -q -y ppt_mmpose', folder)
    assert all(path.is_file() for path in files)


def test_on_the_path_but_not_installed(environment, folder):
    source = install(environment, 'editable', folder)
    environment.check('pip uninstall -q -y ppt_mmpose', folder)
    for metadata_of_a_build in source.glob('*.egg-info'):
        shutil.rmtree(metadata_of_a_build)
    (environment.site / 'source.pth').write_text(str(source))
    code, output = environment.run(LINK, folder)
    assert code == 1
    assert 'error: ppt_mmpose is not installed; first: pip install' in output
    assert not (source / 'ppt_mmpose' / '.mim').exists()
    code, mends, _ = examined(environment, folder)
    assert code == 0
    check_mended(environment, folder, the_only(mends, 'on the path, but not installed'))


def test_a_clone_with_the_metadata_of_a_build(environment, folder):
    source = install(environment, 'editable', folder)
    environment.check('pip uninstall -q -y ppt_mmpose', folder)
    environment.check('python setup.py -q egg_info', source)
    (environment.site / 'source.pth').write_text(str(source))
    code, mends, _ = examined(environment, folder)
    assert code == 0
    check_mended(environment, folder, the_only(mends, 'mim does not see the clone'))


def test_a_wheel_needs_no_link(sick, folder):
    code, output = sick.run(LINK, folder)
    assert code == 1
    assert 'error: expected a clone of the repository' in output


@pytest.mark.parametrize(
    ('hidden', 'what'),
    [('mmpose', 'not installed: mmpose'), ('pandas', 'mim does not start: Module')],
)
def test_what_is_missing_is_one_fault(sick, folder, hidden, what):
    plant = sick.site / 'plant.pth'
    plant.write_text(f'import sys; sys.modules["{hidden}"] = None')
    code, mends, output = examined(sick, folder)
    assert code == (hidden == 'mmpose')
    assert '  no  mim' in output or hidden == 'mmpose'
    command = the_only(mends, what)
    # Both are there, below the plant: the command must leave them and do no harm.
    assert '"ppt_mmpose[mmpose]"' in command
    assert ('mmpose==' in command) == (hidden == 'mmpose')
    plant.unlink()
    check_mended(sick, folder, command)


def test_two_mmcvs_of_another_version(sick, folder):
    for name in ('mmcv', 'mmcv_lite'):
        made = sick.site / f'{name}-9.9.9.dist-info'
        made.mkdir()
        (made / 'METADATA').write_text(
            f'Metadata-Version: 2.1\nName: {name}\nVersion: 9.9.9\n'
        )
        (made / 'RECORD').write_text(
            f'{made.name}/METADATA,,\n{made.name}/RECORD,,\nmmcv/__init__.py,,\n'
        )
    (sick.site / 'mmcv').mkdir()
    (sick.site / 'mmcv' / '__init__.py').write_text('__version__ = "9.9.9"')
    code, mends, _ = examined(sick, folder)
    assert code == 1
    (command,) = (mend for found, mend in mends.items() if 'both installed' in found)
    assert any('mmcv 9.9.9 is not supported' in found for found in mends)
    assert not any('AssertionError' in found for found in mends)
    code, output = sick.run('python -c "import ppt_mmpose"', folder)
    assert 'ImportError: ppt_mmpose needs MMPose 1.x' in output
    sick.check(command, folder)
    left = sick.site / 'mmcv' / '__init__.py'
    assert not left.exists() or '9.9.9' not in left.read_text()
    assert not (sick.site / 'mmcv-9.9.9.dist-info').exists()
    if LITE:
        assert examined(sick, folder)[:2] == (0, {})


@pytest.mark.skipif(not LITE, reason='mmcv has its own operators here')
def test_no_compiled_operators_and_a_build_that_fails(sick, folder):
    code, output = sick.run(DOCTOR, folder)
    assert code == 0
    assert f'  mend: {INSTALL_OPS}\n' in output
    broken = 'export CC=/bin/false CXX=/bin/false; '
    code, output = sick.run(broken + INSTALL_OPS, folder)
    assert code != 0
    assert 'Failed to build mmcv' in output
    # What was there is still there.
    assert examined(sick, folder)[0] == 0


@pytest.mark.skipif(LITE, reason='mmcv-lite has no operators')
def test_compiled_operators(sick, folder):
    code, output = sick.run(DOCTOR, folder)
    assert code == 0
    assert 'no compiled operators' not in output
