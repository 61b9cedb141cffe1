"""What the inferencer is built from."""

import pytest
import ring_recording
from made_estimator import MadeEstimator, frames
from made_motion import assert_equal

from ppt_mmpose.apis.multiview import MultiViewPoseInferencer, inferencer
from ppt_mmpose.calibration import write_calibration

RING = ring_recording.ring(3)
POSES = ring_recording.people(2)


def test_calls_give_what_runs_give():
    infer = MultiViewPoseInferencer(MadeEstimator(RING, POSES), calibration=RING)
    run = infer.open(frames(RING, 2), rate=10)
    assert run.recording.rate == 10
    called = list(infer(frames(RING, 2), batch_size=1))
    assert len(called) == 2
    for (expected, _), instant in zip(run.instants(), called):
        assert_equal(instant, expected)


def test_mistakes_are_told_at_the_call():
    infer = MultiViewPoseInferencer(MadeEstimator(RING, POSES), calibration=RING)
    with pytest.raises(ValueError, match='^batch_size: expected at least 1, got 0$'):
        infer(frames(RING, 2), batch_size=0)
    with pytest.raises(ValueError, match='^inputs: expected one source for each of'):
        infer(frames(RING, 2)[:2])
    with pytest.raises(TypeError, match='sorted'):
        infer(frames(RING, 2), sorted=True)


def test_calibrations_of_files_and_folders(tmp_path):
    ring_recording.write(tmp_path / 'recording', views=3, instants=2)
    write_calibration(RING, tmp_path / 'cameras.toml', format='anipose')
    estimator = MadeEstimator(RING, POSES)
    of_file = MultiViewPoseInferencer(
        estimator, calibration=str(tmp_path / 'cameras.toml')
    )
    assert of_file.calibration.names == RING.names
    of_folder = MultiViewPoseInferencer(estimator)
    assert of_folder.open(tmp_path / 'recording').calibration.names == RING.names
    with pytest.raises(ValueError, match='^calibration: expected one with views that'):
        of_folder.open(frames(RING, 2))
    with pytest.raises(FileNotFoundError, match=r'none\.toml'):
        MultiViewPoseInferencer(estimator, calibration=tmp_path / 'none.toml')


def test_models_are_built_of_what_is_given(monkeypatch, tmp_path):
    built = []
    monkeypatch.setattr(
        inferencer,
        'ImageEstimator',
        lambda *args, **options: built.append((args, options)),
    )
    MultiViewPoseInferencer(tmp_path / 'model.py', 'w.pth', det_cat_ids=[0, 1])
    MultiViewPoseInferencer('ppt_s_coco', det_model='d', det_weights='e', device='cpu')
    none = dict(weights=None, device=None, det_model=None, det_weights=None)
    assert built == [
        (
            (f'{tmp_path}/model.py',),
            none | dict(weights='w.pth', det_cat_ids=[0, 1]),
        ),
        (
            ('ppt_s_coco',),
            none | dict(det_model='d', det_weights='e', device='cpu', det_cat_ids=0),
        ),
    ]


@pytest.mark.parametrize('option', ['weights', 'device', 'det_model', 'det_weights'])
def test_an_estimator_brings_its_own(option):
    with pytest.raises(ValueError, match=f'^{option}: has no effect with an estimator'):
        MultiViewPoseInferencer(MadeEstimator(RING, POSES), **{option: 'cpu'})
