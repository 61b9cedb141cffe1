import subprocess
import sys
from pathlib import Path

import pytest
import ring_recording
import torch
import visualize_tokens as tool
from drawn_people import draw
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmpose.registry import MODELS

from ppt_mmpose.apis import find_config, visualize_tokens
from ppt_mmpose.visualization import FIGURES

TOOL = Path(__file__).parents[2] / 'tools' / 'visualize_tokens.py'


@pytest.fixture(scope='module')
def people(tmp_path_factory):
    return draw(tmp_path_factory.mktemp('people'), count=2)


def weights_of(name, folder):
    init_default_scope('mmpose')
    cfg = Config.fromfile(find_config(name))
    path = folder / f'{name}.pth'
    torch.save(dict(state_dict=MODELS.build(cfg.model).state_dict(), meta={}), path)
    return str(path)


@pytest.fixture(scope='module')
def weights(tmp_path_factory):
    return weights_of('ppt_s_coco', tmp_path_factory.mktemp('weights'))


def call(source, weights, out, config='ppt_s_coco', **options):
    options = dict(figures=['kept'], device='cpu') | options
    return visualize_tokens(str(source), config, weights, out_dir=str(out), **options)


def test_the_tool_draws_one_image(people, weights, tmp_path):
    image = str(people / '000000000001.jpg')
    command = [sys.executable, str(TOOL), image, 'ppt_s_coco', weights]
    options = ['--out-dir', str(tmp_path), '--figures', 'kept', 'table']
    result = subprocess.run(
        [*command, *options, '--device', 'cpu'], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    expected = [
        f'{tmp_path}/tokens/000000000001_0_{name}' for name in ('kept.png', 'table.md')
    ]
    assert result.stdout.splitlines()[-2:] == expected


def test_the_tool_offers_every_figure():
    # It cannot import them, because it answers --help without MMPose.
    assert tool.FIGURES == FIGURES


def test_the_tool_names_what_is_missing(weights, tmp_path):
    command = [sys.executable, str(TOOL), 'nobody.jpg', 'ppt_s_coco', weights]
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == (
        'error: source: expected an image, video or folder, found no nobody.jpg'
    )


def test_the_tool_names_weights_that_are_none(people, tmp_path):
    (tmp_path / 'notes.pth').write_text('no weights')
    torch.save(dict(state_dict={'a': torch.ones(1)}, meta={}), tmp_path / 'other.pth')
    for name, message in (
        ('notes.pth', 'notes.pth: expected a checkpoint of plain tensors'),
        ('other.pth', 'error: The weights do not fit TopdownTokenPose'),
    ):
        image = str(people / '000000000001.jpg')
        command = [sys.executable, str(TOOL), image, 'ppt_s_coco', name]
        result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
        assert result.returncode == 1
        assert message in result.stderr
        assert 'Traceback' not in result.stderr


def test_a_folder_with_more_than_images_in_it(people, weights, tmp_path):
    for image in people.glob('*.jpg'):
        (tmp_path / image.name).symlink_to(image)
    (tmp_path / 'README').write_text('two people')
    (tmp_path / 'out').mkdir()
    written = call(tmp_path, weights, tmp_path / 'out')
    assert [Path(path).name for path in written] == [
        '000000000001_0_kept.png',
        '000000000002_0_kept.png',
    ]


def test_another_keep_ratio(people, weights, tmp_path):
    image = people / '000000000001.jpg'
    pictures = [
        Path(call(image, weights, tmp_path / str(ratio), keep_ratio=ratio)[0])
        for ratio in (0.7, 0.2)
    ]
    assert pictures[0].read_bytes() != pictures[1].read_bytes()
    with pytest.raises(ValueError, match='keep_ratio: expected a number in'):
        call(image, weights, tmp_path, keep_ratio=1.5)


def test_keypoints_by_name(people, weights, tmp_path):
    image = people / '000000000001.jpg'
    options = dict(figures=['attention'])
    assert call(image, weights, tmp_path, keypoints=['nose'], **options)
    with pytest.raises(ValueError, match=r'keypoints: expected some of nose, .*tail'):
        call(image, weights, tmp_path, keypoints=['tail'], **options)


def test_a_model_that_never_prunes_is_drawn_without_pruning(people, tmp_path):
    weights = weights_of('tokenpose_s_v1_coco', tmp_path)
    image = people / '000000000001.jpg'
    config = 'tokenpose_s_v1_coco'
    assert len(call(image, weights, tmp_path, config)) == 1
    with pytest.raises(ValueError, match='no effect on a model without prune_blocks'):
        call(image, weights, tmp_path, config, keep_ratio=0.5)


def test_a_model_without_tokens_is_named(people, weights, tmp_path):
    cfg = Config.fromfile(find_config('ppt_s_coco'))
    cfg.model = dict(
        type='TopdownPoseEstimator',
        backbone=dict(type='ResNet', depth=18),
        head=dict(
            type='HeatmapHead', in_channels=512, out_channels=17, decoder=cfg.codec
        ),
    )
    cfg.dump(tmp_path / 'resnet.py')
    init_default_scope('mmpose')
    state = MODELS.build(cfg.model).state_dict()
    torch.save(dict(state_dict=state, meta={}), tmp_path / 'resnet.pth')
    image = people / '000000000001.jpg'
    with pytest.raises(ValueError, match=r'\(ResNet, HeatmapHead\) has no tokens'):
        call(image, str(tmp_path / 'resnet.pth'), tmp_path, str(tmp_path / 'resnet.py'))


def test_sources_that_are_not_there_or_not_pictures(people, weights, tmp_path):
    with pytest.raises(FileNotFoundError, match='expected images, found none in'):
        call(tmp_path, weights, tmp_path)
    with pytest.raises(ValueError, match=r'an image or a video, got .*people\.json'):
        call(people / 'people.json', weights, tmp_path)
    with pytest.raises(FileNotFoundError, match=r'found no nothing\.pth'):
        call(people / '000000000001.jpg', 'nothing.pth', tmp_path)


def test_instants_and_views_are_those_of_recordings(people, weights, tmp_path):
    image = people / '000000000001.jpg'
    for option in (dict(instants=['000001']), dict(view='cam0')):
        (name,) = option
        with pytest.raises(ValueError, match=f'^{name}: has an effect on recordings'):
            call(image, weights, tmp_path, **option)


def test_a_recording_is_told_by_its_calibration(weights, tmp_path):
    ring_recording.write(tmp_path / 'recording', instants=1, views=2)
    with pytest.raises(ValueError, match='TopdownTokenPose, which takes each view alo'):
        call(tmp_path / 'recording', weights, tmp_path)
