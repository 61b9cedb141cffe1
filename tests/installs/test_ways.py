"""Every way of installing, and every way of driving what was installed.

The matrix in docs/installing_and_driving.md names these tests.
"""

import json
import re

import pytest
from drawn_people import data_options, draw
from environment import Environment, install
from mmengine.config import Config

from ppt_mmpose.apis import find_config

TINY = ' '.join(
    [
        *('train_cfg.max_epochs=1', 'val_cfg=None', 'val_dataloader=None'),
        *('val_evaluator=None', 'default_hooks.checkpoint.save_best=None'),
        *('default_hooks.checkpoint.interval=1', 'model.neck.stages=[2]'),
        'model.neck.prune_blocks=[0]',
    ]
)
LINK = 'python -m ppt_mmpose.doctor --link-mim'


@pytest.fixture(scope='module', params=['wheel', 'sdist', 'editable'])
def installed(request, tmp_path_factory):
    """An environment with the package in it, visible to mim."""
    folder = tmp_path_factory.mktemp(request.param)
    environment = Environment(folder / 'environment')
    install(environment, request.param, folder)
    if request.param == 'editable':
        environment.check(LINK, folder)
    return environment


@pytest.fixture(scope='module')
def project(tmp_path_factory):
    """A folder that knows nothing of the package but its data."""
    folder = tmp_path_factory.mktemp('project')
    draw(folder / 'people', count=3)
    return folder


@pytest.fixture(scope='module')
def options(project):
    return f'--cfg-options {" ".join(data_options(project / "people"))} {TINY}'


@pytest.fixture(scope='module')
def checkpoint(installed, project, options):
    """``mim train`` by the path in the repository, from another folder."""
    folder = project / installed.site.parents[3].name
    output = installed.check(
        f'mim train ppt_mmpose configs/ppt_s_coco.py --work-dir {folder} {options}',
        project,
    )
    assert 'Training finished successfully' in output
    return folder / 'epoch_1.pth'


def test_mim_train_by_path(checkpoint):
    assert checkpoint.is_file()


def test_mim_train_by_name(installed, project, options, tmp_path):
    command = f'mim train ppt_mmpose ppt_s_coco.py --work-dir {tmp_path} {options}'
    installed.check(command, project)
    assert (tmp_path / 'epoch_1.pth').is_file()


def test_mim_test(installed, project, options, checkpoint, tmp_path):
    installed.check(
        f'mim test ppt_mmpose ppt_s_coco.py --checkpoint {checkpoint} '
        f'--out {tmp_path}/metrics.json --work-dir {tmp_path} {options}',
        project,
    )
    assert 'coco/AP' in json.loads((tmp_path / 'metrics.json').read_text())


def test_mim_run(installed, project, tmp_path):
    flat = tmp_path / 'flat.py'
    installed.check(f'mim run ppt_mmpose print_config ppt_s_coco --out {flat}', project)
    whole = Config.fromfile(find_config('ppt_s_coco'))
    assert Config.fromfile(flat).to_dict() == whole.to_dict()
    assert '_base_' not in flat.read_text()


def test_mmposes_tools(installed, project, options, tmp_path):
    """``mim train mmpose`` runs MMPose's own train.py."""
    where = 'from ppt_mmpose.apis import find_config; print(find_config("ppt_s_coco"))'
    config = installed.check(f"python -W ignore -c '{where}'", project).split()[-1]
    installed.check(
        f'mim train mmpose {config} --work-dir {tmp_path} {options}', project
    )
    assert (tmp_path / 'epoch_1.pth').is_file()


def test_inferencer(installed, project):
    code = (
        'import ppt_mmpose; from mmpose.apis import MMPoseInferencer; '
        'run = MMPoseInferencer("ppt_s_coco", det_model="whole_image"); '
        'print(len(next(run("people/000000000001.jpg"))["predictions"]), "image")'
    )
    assert '1 image' in installed.check(f"python -c '{code}'", project)


def test_doctor(installed, project):
    output = installed.check('python -m ppt_mmpose.doctor', project)
    assert '  yes mim ' in output
    assert 'fault:' not in output


def test_metadata_names_only_what_pip_resolves(installed):
    (folder,) = installed.site.glob('ppt_mmpose-*.dist-info')
    lines = (folder / 'METADATA').read_text().splitlines()
    named = {
        re.match(r'Requires-Dist: ([\w-]+)', line)[1]
        for line in lines
        if line.startswith('Requires-Dist')
    }
    assert {'torch', 'mmengine', 'xtcocotools'} <= named
    assert any('pandas<3' in line for line in lines)
    assert not named & {'mmpose', 'mmcv', 'mmcv-lite', 'openmim', 'chumpy'}


def test_uninstalling_leaves_nothing_and_no_harm(installed, project):
    """Last in this file: the environment is of no use afterwards."""
    source = installed.folder.parent / 'source' / 'ppt_mmpose' / 'tokens'
    files = len(list(source.glob('*.py')))
    installed.check('pip uninstall -q -y ppt_mmpose', project)
    assert not list(installed.site.glob('*ppt_mmpose*'))
    assert len(list(source.glob('*.py'))) == files
