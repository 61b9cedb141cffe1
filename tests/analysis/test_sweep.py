import json
from dataclasses import asdict

import fused_weights
import pytest
import torch
from drawn_people import data_options, draw
from mmengine.config import Config
from mmpose.registry import MODELS
from options import parsed_cfg_options
from seeded_weights import fill

from ppt_mmpose.analysis import Latency
from ppt_mmpose.analysis.sweep import sweep_keep_ratio
from ppt_mmpose.analysis.sweep_report import DOES_NOT_PAY, plot_sweep, sweep_report
from ppt_mmpose.apis import find_config
from ppt_mmpose.apis import test as run_test
from ppt_mmpose.models.strict_loading import MisfitError


@pytest.fixture
def trained(tmp_path):
    model = MODELS.build(Config.fromfile(find_config('ppt_quickstart')).model)
    fill(model)
    torch.save(dict(state_dict=model.state_dict()), tmp_path / 'a.pth')
    people = parsed_cfg_options(data_options(draw(tmp_path / 'people')))
    return dict(
        checkpoint=str(tmp_path / 'a.pth'),
        cfg_options=people,
        out_dir=str(tmp_path / 'out'),
        repeats=2,
        threads=1,
    )


def test_every_budget_once_and_its_accuracy(trained, tmp_path, monkeypatch):
    def evaluate(config, checkpoint, work_dir, cfg_options):
        assert (config, checkpoint) == ('ppt_quickstart', trained['checkpoint'])
        assert trained['cfg_options'].items() <= cfg_options.items()
        blocks = cfg_options['model.neck.prune_blocks']
        assert work_dir.startswith(trained['out_dir'])
        return {
            'coco/AP': len(blocks) + cfg_options['model.neck.keep_ratio'],
            'coco/AR': 0.5,
        }

    monkeypatch.setattr('ppt_mmpose.analysis.sweep.test', evaluate)
    found = sweep_keep_ratio(
        'ppt_quickstart', keep_ratios=[0.5, 0.8], prune_sites=[(1, 2), (2,)], **trained
    )
    assert [(p.prune_blocks, p.keep_ratio) for p in found.points] == [
        ((1, 2), 1.0),
        ((1, 2), 0.8),
        ((1, 2), 0.5),
        ((2,), 0.8),
        ((2,), 0.5),
    ]
    work = [point.multiply_adds for point in found.points]
    assert work[0] > work[1] > work[2]
    assert work[0] > work[3] > work[4] > work[2]
    assert [point.accuracy['coco/AP'] for point in found.points] == [
        3,
        2.8,
        2.5,
        1.8,
        1.5,
    ]
    written = json.loads((tmp_path / 'out' / 'sweep.json').read_text())
    assert written == json.loads(json.dumps(asdict(found)))

    found.points[1].pays, found.points[2].pays = True, False
    rows = sweep_report(found).splitlines()
    assert DOES_NOT_PAY not in rows[3]
    assert DOES_NOT_PAY in rows[4]
    plot_sweep(found, str(tmp_path / 'a.png'), metric='coco/AR')
    assert (tmp_path / 'a.png').stat().st_size > 10_000
    with pytest.raises(ValueError, match="metric: expected one of .* got 'AP'"):
        plot_sweep(found, str(tmp_path / 'b.png'), metric='AP')


def test_the_accuracy_is_that_of_the_test_set(trained):
    (dense,) = sweep_keep_ratio('ppt_quickstart', keep_ratios=[1], **trained).points
    assert dense.accuracy == run_test(
        'ppt_quickstart',
        trained['checkpoint'],
        work_dir=trained['out_dir'],
        cfg_options=trained['cfg_options'] | {'model.neck.keep_ratio': 1.0},
    )
    assert 'coco/AP' in dense.accuracy


def test_what_pays_stands_out_of_the_spread(trained, monkeypatch):
    times = [Latency(10, 9, 11), Latency(8, 7, 9.5), Latency(8, 7, 10.5)]
    monkeypatch.setattr('ppt_mmpose.analysis.sweep._time', lambda *_: times)
    found = sweep_keep_ratio(
        'ppt_quickstart', keep_ratios=[0.7, 0.5], accuracy=False, **trained
    )
    assert [point.speedup for point in found.points] == [1, 1.25, 1.25]
    assert [point.pays for point in found.points] == [False, True, False]


def test_time_alone_takes_no_data(trained, tmp_path):
    trained['cfg_options'] = None
    found = sweep_keep_ratio(
        'ppt_quickstart', keep_ratios=[0.7], accuracy=False, **trained
    )
    assert [point.keep_ratio for point in found.points] == [1.0, 0.7]
    assert not found.points[1].accuracy
    assert found.points[0].speedup == 1
    assert not found.points[0].pays
    plot_sweep(found, str(tmp_path / 'a.png'))
    assert 'ms a batch of 1' in sweep_report(found)


def test_what_cannot_be_swept_is_refused_before_anything_is_measured(trained, tmp_path):
    for wrong, error, message in (
        (dict(keep_ratios=[1.2]), ValueError, r'keep_ratio: expected a number in'),
        (dict(prune_sites=[()]), ValueError, 'prune_sites: expected 0-based blocks'),
        (dict(prune_sites=[(9,)]), ValueError, 'prune_blocks'),
        (dict(repeats=1), ValueError, 'repeats: expected 2 or more, got 1'),
        (dict(checkpoint='missing.pth'), FileNotFoundError, 'no missing.pth'),
    ):
        with pytest.raises(error, match=message):
            sweep_keep_ratio('ppt_quickstart', **trained | wrong)
    with pytest.raises(MisfitError):
        sweep_keep_ratio('tokenpose_t_coco', **trained | dict(prune_sites=[(2,)]))
    assert not (tmp_path / 'out').exists()


def test_views_that_are_fused(tmp_path):
    options = dict(keep_ratios=[0.5], accuracy=False, repeats=2, threads=1)
    given = fused_weights.CONFIG, fused_weights.fused_weights(tmp_path)
    with pytest.raises(ValueError, match=f'^{fused_weights.REFUSAL}$'):
        sweep_keep_ratio(*given, **options)
    alone = {'model.neck.fuse': False}
    found = sweep_keep_ratio(*given, **options, cfg_options=alone)
    assert [point.keep_ratio for point in found.points] == [1, 0.5]
