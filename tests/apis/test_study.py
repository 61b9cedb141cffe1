import json
from pathlib import Path

import pytest
from drawn_people import PLAIN_PIPELINE, draw

from ppt_mmpose.apis.study import Study, run_study, tabulate

ROOT = Path(__file__).parents[2]
CONFIG = """
_base_ = '{root}/configs/ppt_s_coco.py'
people = '{people}'
{pipeline}
loader = dict(batch_size=3, num_workers=0, persistent_workers=False)
data = dict(data_root=people, ann_file='people.json', data_prefix=dict(img=''))
train_dataloader = dict(dataset=dict(pipeline=pipeline, **data), **loader)
test_dataloader = dict(dataset=dict(bbox_file=None, **data), **loader)
test_evaluator = dict(_delete_=True, type='EPE')
val_dataloader = val_evaluator = val_cfg = None
model = dict(neck=dict(stages=(2,), prune_blocks=(0,)))
train_cfg = dict(max_epochs=1)
default_hooks = dict(checkpoint=dict(interval=1, save_best=None))
"""
STUDY = dict(
    config='ppt_s_coco',
    metrics=['EPE'],
    seeds=[0, 1],
    options={},
    variants={'dense': {'model.neck.keep_ratio': 1.0}, 'keep 0.5': {}},
)


def done(folder, name, seed, value, seconds=60.0):
    path = folder / f'{name}_seed{seed}'
    path.mkdir()
    result = dict(metrics={'EPE': value}, seconds=seconds)
    (path / 'result.json').write_text(json.dumps(result))


def test_the_table_compares_seed_by_seed(tmp_path):
    done(tmp_path, 'dense', 0, 1.0)
    done(tmp_path, 'dense', 1, 3.0)
    done(tmp_path, 'keep_0.5', 0, 1.5, seconds=30)
    rows = tabulate(Study(**STUDY), str(tmp_path)).splitlines()[2:]
    assert rows == [
        '| dense | 2.0000 ± 1.4142 | - | 2 | 1.0 |',
        '| keep 0.5 | 1.5000 | 0.5000 | 1 | 0.5 |',
    ]
    done(tmp_path, 'keep_0.5', 1, 3.1)
    row = tabulate(Study(**STUDY), str(tmp_path)).splitlines()[3]
    assert row.startswith('| keep 0.5 | 2.3000 ± 1.1314 | 0.3000 ± 0.2828 | 2 |')


def test_several_metrics_side_by_side(tmp_path):
    for name, better in (('dense', 0), ('keep_0.5', 1)):
        (tmp_path / f'{name}_seed0').mkdir()
        result = dict(metrics=dict(a=better, b=8 - better, c=0), seconds=60)
        (tmp_path / f'{name}_seed0' / 'result.json').write_text(json.dumps(result))
    table = tabulate(Study(**{**STUDY, 'metrics': ['a', 'b']}), str(tmp_path))
    assert table.splitlines() == [
        '| variant | a | against the first | b | against the first | seeds '
        '| minutes a run |',
        '|---|---|---|---|---|---|---|',
        '| dense | 0.0000 | - | 8.0000 | - | 1 | 1.0 |',
        '| keep 0.5 | 1.0000 | 1.0000 | 7.0000 | -1.0000 | 1 | 1.0 |',
    ]


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (dict(seeds=[]), r'seeds: expected one or more, got \[\]'),
        (dict(metrics='EPE'), "metrics: expected one or more, got 'EPE'"),
        (dict(surplus=1), 'expected the keys'),
        (None, 'expected the keys'),
    ],
)
def test_bad_study_files_are_named(tmp_path, change, message):
    path = tmp_path / 'study.json'
    path.write_text(json.dumps(None if change is None else {**STUDY, **change}))
    with pytest.raises(ValueError, match=rf'study\.json: {message}'):
        Study.read(str(path))


def test_runs_what_is_missing_and_nothing_twice(tmp_path):
    people = draw(tmp_path / 'people', count=3)
    config = tmp_path / 'toy.py'
    config.write_text(CONFIG.format(root=ROOT, people=people, pipeline=PLAIN_PIPELINE))
    study = {**STUDY, 'config': str(config), 'seeds': [0]}
    path = tmp_path / 'study.json'
    path.write_text(json.dumps(study))
    work_dir = tmp_path / 'runs'
    done_before = work_dir / 'dense_seed0'
    done_before.mkdir(parents=True)
    (done_before / 'result.json').write_text(
        json.dumps(dict(metrics={'EPE': 4.0}, seconds=60))
    )
    table = run_study(str(path), str(work_dir))
    assert '| dense | 4.0000 |' in table
    result = json.loads((work_dir / 'keep_0.5_seed0' / 'result.json').read_text())
    assert f'| keep 0.5 | {result["metrics"]["EPE"]:.4f} |' in table
    assert (work_dir / 'table.md').read_text() == table
    assert not (done_before / 'epoch_1.pth').exists()
