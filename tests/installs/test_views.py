"""Multi-view PPT on drawn views, very short, as a user runs it: a wheel and mim."""

import json

import pytest
from environment import Environment, install

from ppt_mmpose.motion_files import read_motion

CONFIG = 'mv_ppt_s_synthetic'
DRAW = (
    'mim run ppt_mmpose make_synthetic_views --out data/drawn_views --cameras 2 '
    '--instants 4 --val-instants 3 --size 160'
)
TRAIN = (
    f'mim train ppt_mmpose {CONFIG}.py --cfg-options train_cfg.max_epochs=1 '
    'train_cfg.val_interval=1 train_dataloader.batch_size=4'
)
DEMO = f'mim run ppt_mmpose multiview_demo data/drawn_views/val --pose2d {CONFIG}'


@pytest.fixture(scope='module')
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp('views')
    environment = Environment(folder / 'environment')
    install(environment, 'wheel', folder)
    return environment


def test_from_drawn_views_to_people_in_3d(installed, tmp_path):
    installed.check(DRAW, tmp_path)
    trained = installed.check(TRAIN, tmp_path)
    assert 'Training finished successfully' in trained
    assert 'pose_3d/instants: 3.0' in trained
    weights = f'work_dirs/{CONFIG}/epoch_1.pth'
    installed.check(
        f'mim test ppt_mmpose {CONFIG}.py --checkpoint {weights} --out metrics.json',
        tmp_path,
    )
    metrics = json.loads((tmp_path / 'metrics.json').read_text())
    assert metrics['pose_3d/instants'] == 3
    assert 0 <= metrics['pose_2d/JDR'] <= 1
    installed.check(
        f'{DEMO} --weights {weights} --score-thr 0 --method linear', tmp_path
    )
    _, instants = read_motion(tmp_path / 'results' / 'keypoints.npz')
    assert len(instants) == 3
    assert all(instant.seen.all() for instant in instants)
