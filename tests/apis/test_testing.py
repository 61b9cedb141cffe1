"""Testing from Python: metrics to a file, result files for COCO's server."""

import json

import pytest
import torch
from drawn_people import data_options, draw
from mmengine.config import Config
from mmengine.utils import digit_version
from mmpose.registry import MODELS
from options import parsed_cfg_options

from ppt_mmpose.apis import find_config, test, train
from ppt_mmpose.models.strict_loading import MisfitError

run_test = test
del test  # pytest would take it for a test


@pytest.fixture
def checkpoint(tmp_path):
    model = MODELS.build(Config.fromfile(find_config('tokenpose_t_coco')).model)
    torch.save(dict(state_dict=model.state_dict(), meta={}), tmp_path / 'a.pth')
    return str(tmp_path / 'a.pth')


@pytest.fixture
def options(tmp_path):
    return parsed_cfg_options(data_options(draw(tmp_path / 'people')))


def test_metrics_and_predictions_are_written(tmp_path, checkpoint, options):
    metrics = run_test(
        'tokenpose_t_coco',
        checkpoint,
        work_dir=str(tmp_path / 'run'),
        out=str(tmp_path / 'metrics.json'),
        dump=str(tmp_path / 'all.pkl'),
        cfg_options=options,
    )
    assert metrics['coco/AP'] >= 0
    assert json.loads((tmp_path / 'metrics.json').read_text()) == metrics
    assert (tmp_path / 'all.pkl').stat().st_size > 0


def test_the_checkpoint_wins_over_weights_that_training_began_with(
    tmp_path, checkpoint, options
):
    # As a study has it, whose options serve training and test.
    metrics = [
        run_test(
            'tokenpose_t_coco',
            checkpoint,
            work_dir=str(tmp_path / 'run'),
            cfg_options=options | more,
        )
        for more in ({}, {'load_from': str(tmp_path / 'missing.pth')})
    ]
    assert metrics[0] == metrics[1]


def test_result_file_for_the_server(tmp_path, checkpoint, options):
    options |= {
        'test_evaluator.format_only': True,
        'test_evaluator.outfile_prefix': str(tmp_path / 'results'),
        'test_evaluator.keypoint_score_thr': 0.0,
    }
    run_test(
        'tokenpose_t_coco',
        checkpoint,
        work_dir=str(tmp_path / 'run'),
        cfg_options=options,
    )
    people = json.loads((tmp_path / 'results.keypoints.json').read_text())
    assert len(people) == 6
    assert len(people[0]['keypoints']) == 17 * 3


def test_weights_of_another_model_are_refused(tmp_path, checkpoint, options):
    with pytest.raises(MisfitError, match='the model has 233 entries, the file 143'):
        run_test(
            'ppt_s_coco',
            checkpoint,
            work_dir=str(tmp_path / 'run'),
            cfg_options=options,
        )


def test_drawings_go_into_a_folder(tmp_path, checkpoint, options):
    run_test(
        'tokenpose_t_coco',
        checkpoint,
        work_dir=str(tmp_path / 'run'),
        show_dir='drawn',
        # MMEngine keeps one visualizer a name, and other tests leave theirs.
        cfg_options=options | {'visualizer.name': 'drawings'},
    )
    assert len(list((tmp_path / 'run').rglob('drawn/*.jpg'))) == 6


class Evil:
    def __reduce__(self):
        return print, ('ran',)


@pytest.mark.skipif(
    digit_version(torch.__version__) < digit_version('2.6'),
    reason='torch loads unsafely by default before 2.6',
)
def test_a_checkpoint_that_would_run_code_is_refused(tmp_path, options, capsys):
    torch.save(dict(state_dict=Evil(), meta={}), tmp_path / 'evil.pth')
    arguments = dict(work_dir=str(tmp_path / 'run'), cfg_options=options)
    evil, message = str(tmp_path / 'evil.pth'), r'evil\.pth: .* would run code: .*print'
    with pytest.raises(ValueError, match=message):
        run_test('tokenpose_t_coco', evil, **arguments)
    with pytest.raises(ValueError, match=message):
        train('tokenpose_t_coco', resume=evil, **arguments)
    assert '\nran' not in capsys.readouterr().out
