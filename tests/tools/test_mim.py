"""``mim train`` and ``mim test`` from an installed wheel, in any folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from drawn_people import data_options, draw

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope='module')
def mim(tmp_path_factory):
    """Run mim where a wheel of the working tree comes before anything else."""
    site = tmp_path_factory.mktemp('site')
    # A build leaves files beside its source.
    source = site / 'source'
    ignore = shutil.ignore_patterns('.*', 'build', 'tests', '__pycache__')
    shutil.copytree(ROOT, source, ignore=ignore)
    pip = [sys.executable, '-m', 'pip', '-q', '--disable-pip-version-check']
    offline = ['--no-deps', '--no-build-isolation', '--no-index']
    subprocess.run(
        [*pip, 'wheel', *offline, '--wheel-dir', str(site / 'wheel'), str(source)],
        check=True,
    )
    (wheel,) = (site / 'wheel').glob('*.whl')
    subprocess.run(
        [*pip, 'install', *offline, '--target', str(site), str(wheel)], check=True
    )
    environment = os.environ | dict(
        PYTHONPATH=str(site), PATH=f'{Path(sys.executable).parent}:{os.environ["PATH"]}'
    )

    def run(*command, cwd):
        result = subprocess.run(
            ['mim', *command], cwd=cwd, env=environment, capture_output=True, text=True
        )
        return result.returncode, result.stdout + result.stderr

    return run


def test_trains_evaluates_and_tests(mim, tmp_path):
    people = draw(tmp_path / 'people')
    options = data_options(people)
    code, output = mim(
        *('train', 'ppt_mmpose', 'configs/ppt_s_coco.py'),
        *('--work-dir', str(tmp_path / 'run'), '--cfg-options', *options),
        *('train_cfg.max_epochs=1', 'train_cfg.val_interval=1'),
        cwd=tmp_path,
    )
    assert code == 0, output
    assert 'coco/AP' in output
    checkpoint = str(tmp_path / 'run' / 'epoch_1.pth')
    code, output = mim(
        *('test', 'ppt_mmpose', 'ppt_s_coco.py', '--checkpoint', checkpoint),
        *('--out', str(tmp_path / 'metrics.json'), '--cfg-options', *options),
        cwd=tmp_path,
    )
    assert code == 0, output
    assert 'coco/AP' in (tmp_path / 'metrics.json').read_text()
    code, output = mim(
        *('test', 'ppt_mmpose', 'ppt_b_coco.py', '--checkpoint', checkpoint),
        *('--cfg-options', *options),
        cwd=tmp_path,
    )
    assert code != 0
    assert 'The weights do not fit TopdownTokenPose' in output
    assert 'in the model, not in the file: backbone.transition1' in output
