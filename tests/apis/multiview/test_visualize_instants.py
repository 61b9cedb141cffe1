import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import ring_recording
import small_configs
from mmengine.registry import init_default_scope

from ppt_mmpose.apis import TokenPoseInferencer, visualize_tokens
from ppt_mmpose.apis.multiview import visualize_instants as subject

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope='module')
def model(tmp_path_factory):
    """A small model of several views: its config and random weights."""
    init_default_scope('mmpose')
    folder = tmp_path_factory.mktemp('model')
    config = small_configs.mv_ppt(folder)
    return config, small_configs.with_weights(config, folder)


@pytest.fixture
def recording(tmp_path):
    ring_recording.write(tmp_path / 'walk', instants=2, views=3)
    return tmp_path / 'walk'


def call(recording, model, out, **options):
    options = dict(figures=['kept'], device='cpu') | options
    written = visualize_tokens(str(recording), *model, out_dir=str(out), **options)
    return [str(Path(path).relative_to(out)) for path in written]


@pytest.fixture
def drawn(monkeypatch):
    """What is given to be drawn."""
    given = []

    def draw(one, figures, samples, **options):
        given.append((one, samples, options))
        return {name: np.zeros((4, 4, 3), np.uint8) for name in figures}

    monkeypatch.setattr(subject, 'draw_instant', draw)
    return given


def test_the_tool_draws_instants_that_are_named(recording, model, tmp_path):
    tool = [sys.executable, str(ROOT / 'tools/visualize_tokens.py'), str(recording)]
    options = ['--instants', '000001', '--view', 'cam2', '--keypoints', 'nose']
    out = ['--out-dir', str(tmp_path), '--device', 'cpu']
    result = subprocess.run(
        [*tool, *model, *options, *out], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    figures = ('kept', 'heatmaps', 'attention', 'inner', 'keypoints')
    names = [f'{name}.png' for name in figures] + ['table.md']
    written = result.stdout.splitlines()[-6:]
    assert written == [f'{tmp_path}/tokens/000001_{name}' for name in names]


def test_all_instants_are_drawn_where_none_is_named(recording, model, tmp_path):
    written = call(recording, model, tmp_path)
    assert written == ['tokens/000000_kept.png', 'tokens/000001_kept.png']
    pictures = [cv2.imread(str(tmp_path / name)) for name in written]
    assert (pictures[0] != pictures[1]).any()


def test_the_person_is_where_the_labels_say(recording, model, tmp_path, drawn):
    call(recording, model, tmp_path, view='cam1')
    boxes = subject.labelled_boxes(
        subject.MultiViewFolder(recording).keypoints_2d, ('cam0', 'cam1', 'cam2')
    )
    assert len(drawn) == 2
    for number, (one, samples, options) in enumerate(drawn):
        assert one.views.tolist() == [[0, 1, 2]]
        assert options['view'] == 'cam1'
        assert options['view_names'] == ('cam0', 'cam1', 'cam2')
        for view, sample in enumerate(samples):
            left, top, right, bottom = boxes[f'cam{view}'][f'{number:06}']
            middle = [(left + right) / 2, (top + bottom) / 2]
            assert sample.metainfo['input_center'] == pytest.approx(middle, abs=0.01)


def test_without_labels_the_person_fills_the_image(recording, model, tmp_path, drawn):
    (recording / 'keypoints_2d.json').unlink()
    call(recording, model, tmp_path, instants=['000000'])
    ((_, samples, _),) = drawn
    for sample in samples:
        assert sample.metainfo['input_center'] == pytest.approx([80, 64])


def test_a_view_that_lacks_the_image_is_left_out(recording, model, tmp_path, drawn):
    (recording / 'cam1/000001.jpg').unlink()
    call(recording, model, tmp_path, instants=['000001'])
    ((one, samples, _),) = drawn
    assert one.views.tolist() == [[0, 1]]
    assert [sample.metainfo['view_id'] for sample in samples] == [0, 2]


def test_another_keep_ratio(recording, model, tmp_path, drawn):
    for ratio in (0.5, 0.25):
        call(recording, model, tmp_path, instants=['000000'], keep_ratio=ratio)
    kept = [len(one.prunings[0].source[0]) for one, _, _ in drawn]
    assert kept == [32, 16]


def test_only_what_is_drawn_is_recorded(recording, model, tmp_path, drawn):
    for figures in (['kept'], ['heatmaps'], ['table']):
        call(recording, model, tmp_path, instants=['000000'], figures=figures)
    attention = [bool(one.attention) for one, _, _ in drawn]
    heatmaps = [one.heatmaps is not None for one, _, _ in drawn]
    assert attention == [False, False, True]
    assert heatmaps == [False, True, False]


def test_instants_and_cameras_that_are_not_there(recording, model, tmp_path):
    expected = r"^instants: expected some of 000000 to 000001 in .*, got '000007'$"
    with pytest.raises(ValueError, match=expected):
        call(recording, model, tmp_path, instants=['000000', '000007'])
    with pytest.raises(ValueError, match="'cam9'"):
        call(recording, model, tmp_path, view='cam9')
    assert not (tmp_path / 'tokens').exists()


def test_nobody_in_any_view(recording, model, tmp_path):
    labels = recording / 'keypoints_2d.json'
    labels.write_text('{"images": [], "annotations": [], "categories": []}')
    with pytest.raises(ValueError, match='walk: expected a person in a view, found no'):
        call(recording, model, tmp_path)


def test_single_images_are_not_for_such_a_model(recording, model, tmp_path):
    expected = 'got MultiViewTokenPose, .* MultiViewPoseInferencer runs it on a recordi'
    with pytest.raises(ValueError, match=expected):
        call(recording / 'cam0', model, tmp_path)
    config, weights = model
    run = TokenPoseInferencer(config, weights, device='cpu', det_model='whole_image')
    for options in ({}, dict(draw_tokens=['kept'])):
        with pytest.raises(ValueError, match=expected):
            run(str(recording / 'cam0/000000.jpg'), **options)
