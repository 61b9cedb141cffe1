"""The inferencer that draws tokens: images, folders, videos, several people."""

import cv2
import numpy as np
import pytest
import torch
from drawn_people import draw
from mmengine.config import Config
from mmpose.apis import MMPoseInferencer

from ppt_mmpose.apis import TokenPoseInferencer, find_config
from ppt_mmpose.apis.inferencers import record_tokens
from ppt_mmpose.converters.candidates import dataset_meta

CONFIG = 'ppt_s_coco'


@pytest.fixture(scope='module')
def people(tmp_path_factory):
    return draw(tmp_path_factory.mktemp('people'), count=2)


@pytest.fixture(scope='module')
def config(tmp_path_factory):
    """PPT-S with blocks that are small."""
    cfg = Config.fromfile(find_config(CONFIG))
    cfg.model.neck.update(dim=16, stages=(4,), num_heads=2, prune_blocks=(1, 2))
    cfg.model.head.update(in_channels=16)
    path = tmp_path_factory.mktemp('config') / 'small_ppt.py'
    cfg.dump(path)
    return path


@pytest.fixture(scope='module')
def run(config, tmp_path_factory):
    from mmengine.registry import init_default_scope
    from mmpose.registry import MODELS

    init_default_scope('mmpose')
    torch.manual_seed(0)
    cfg = Config.fromfile(config)
    path = tmp_path_factory.mktemp('weights') / 'weights.pth'
    model = MODELS.build(cfg.model)
    meta = dict(dataset_meta=dataset_meta(cfg))
    torch.save(dict(state_dict=model.state_dict(), meta=meta), path)
    made = TokenPoseInferencer(
        pose2d=str(config),
        pose2d_weights=str(path),
        det_model='whole_image',
        device='cpu',
    )
    made.weights = str(path)
    return made


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def hooks_of(model):
    return sum(
        len(m._forward_hooks) + len(m._forward_pre_hooks) for m in model.modules()
    )


def test_an_image(run, people, tmp_path):
    image = str(people / '000000000001.jpg')
    out = str(tmp_path)
    (result,) = run(image, out_dir=out, draw_tokens=['kept', 'table'])
    files = ['000000000001_0_kept.png', '000000000001_0_table.md']
    assert names(tmp_path / 'tokens') == files
    assert [path.rpartition('/')[2] for path in result['token_files']] == files
    (drawn,) = result['tokens']
    assert set(drawn) == {'kept', 'table'}
    assert names(tmp_path) == ['predictions', 'tokens', 'visualizations']
    assert hooks_of(run.inferencer.model) == 0


def test_predictions_are_those_of_mmpose(run, people, config):
    image = str(people / '000000000001.jpg')
    plain = MMPoseInferencer(
        pose2d=str(config),
        pose2d_weights=run.weights,
        det_model='whole_image',
        device='cpu',
    )
    expected = next(plain(image))['predictions'][0][0]['keypoints']
    for options in ({}, dict(draw_tokens=True)):
        (result,) = run(image, **options)
        assert np.allclose(result['predictions'][0][0]['keypoints'], expected)
        assert ('tokens' in result) == bool(options)


def test_the_kept_patches_are_those_of_the_unflipped_image(run, people):
    image = str(people / '000000000001.jpg')
    model = run.inferencer.model
    with record_tokens(model) as record:
        list(run(image))
    assert [one.flipped for one in record.passes] == [False, True]
    (result,) = run(image, draw_tokens='kept', return_datasamples=True)
    from ppt_mmpose.visualization import draw_figures

    expected = draw_figures(
        record.passes[0],
        ['kept'],
        preprocessor=model.data_preprocessor,
        dataset_meta=model.dataset_meta,
        prediction=record.samples[0][0],
    )
    assert (result['tokens'][0]['kept'] == expected['kept']).all()


def test_every_person_is_drawn(run, people, tmp_path, monkeypatch):
    image = str(people / '000000000001.jpg')
    inner = run.inferencer
    single = inner.preprocess_single

    def two(*args, **kwargs):
        (first,), (second,) = (single(*args, **kwargs) for _ in range(2))
        second['inputs'] = second['inputs'].flip(1)
        return [first, second]

    monkeypatch.setattr(inner, 'preprocess_single', two)
    (result,) = run(image, out_dir=str(tmp_path), draw_tokens=['kept'])
    first, second = (drawn['kept'] for drawn in result['tokens'])
    assert (first != second).any(axis=(0, 2)).mean() > 0.5
    assert names(tmp_path / 'tokens') == [
        '000000000001_0_kept.png',
        '000000000001_1_kept.png',
    ]


def test_a_folder(run, people, tmp_path):
    for image in people.glob('*.jpg'):
        (tmp_path / image.name).symlink_to(image)
    out = tmp_path / 'out'
    list(run(str(tmp_path), out_dir=str(out), draw_tokens='kept'))
    assert len(names(out / 'tokens')) == 2


@pytest.fixture
def video(people, tmp_path):
    path = tmp_path / 'walk.mp4'
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'mp4v'), 10, (128, 128))
    for image in sorted(people.glob('*.jpg')):
        writer.write(cv2.imread(str(image)))
    writer.release()
    return path


def test_a_video_is_drawn_frame_by_frame(run, video, tmp_path):
    out = tmp_path / 'out'
    results = list(run(str(video), out_dir=str(out), draw_tokens=['kept']))
    assert len(results) == 2
    assert names(out / 'tokens') == [
        'walk_000000_0_kept.png',
        'walk_000001_0_kept.png',
    ]
    pictures = [result['tokens'][0]['kept'] for result in results]
    assert (pictures[0] != pictures[1]).any()
    # The results after it are not those of a video.
    (result,) = run(np.zeros((64, 64, 3), np.uint8), draw_tokens=['kept'])
    assert len(result['tokens']) == 1


def test_mistakes_are_told_at_once(run):
    with pytest.raises(ValueError, match='figures: expected some of kept'):
        run('person.jpg', draw_tokens=['heads'])
    with pytest.raises(ValueError, match='token_keypoints: has no effect'):
        run('person.jpg', token_keypoints=['nose'])


def test_a_model_without_tokens(run, monkeypatch):
    class Network(torch.nn.Module):
        pass

    monkeypatch.setattr(run.inferencer, 'model', Network())
    with pytest.raises(ValueError, match=r'Network \(no backbone\) has no tokens'):
        run('person.jpg', draw_tokens=True)


def test_boxes_that_are_given_take_the_detectors_place(run, people):
    images = sorted(str(path) for path in people.glob('*.jpg'))
    boxes = [[(10, 5, 60, 100)], [(0, 0, 64, 90), (2, 2, 66, 92)]]
    results = list(run(images, bboxes=boxes))
    found = [[p['bbox'][0] for p in r['predictions'][0]] for r in results]
    assert [len(people) for people in found] == [1, 2]  # none is suppressed
    assert found[0][0] == pytest.approx((10, 5, 60, 100), abs=0.01)
    # Afterwards the whole image is the box again.
    again = next(run(images[0]))['predictions'][0][0]['bbox'][0]
    assert again == pytest.approx((0, 0, 128, 128), abs=0.01)
