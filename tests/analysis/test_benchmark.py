"""Models side by side: every combination once, and errors before any time is spent."""

import json

import pytest
from textbook import textbook_of

from ppt_mmpose.analysis.benchmark import benchmark, benchmark_report
from ppt_mmpose.apis import find_config

TINY = """
_base_ = '{base}'
model = dict(neck=dict(stages=(2,), prune_blocks=(0,)))
"""


@pytest.fixture
def tiny(tmp_path):
    path = tmp_path / 'tiny.py'
    path.write_text(TINY.format(base=find_config('ppt_quickstart')))
    return path


def test_every_combination_once(tiny, resnet, tmp_path):
    out = tmp_path / 'out.json'
    found = benchmark(
        [str(tiny), str(resnet)],
        ways=['textbook', 'plain', 'optimized'],
        dtypes=['float32', 'bfloat16'],
        keep_ratios=[0.7, 0.4],
        batch_sizes=[1, 2],
        repeats=2,
        threads=1,
        textbook=textbook_of,
        out=str(out),
    )
    rows = [
        (e.config, e.way, e.dtype, e.keep_ratio, e.batch_size) for e in found.entries
    ]
    # Three ways of two ratios; two ways of a model without tokens.
    assert len(rows) == len(set(rows)) == 2 * (3 * 2 * 2 + 2 * 2)
    assert rows[0] == ('tiny', 'textbook', 'float32', 0.7, 1)
    first = found.entries[0]
    assert first.speedup == 1
    by_row = dict(zip(rows, found.entries))
    plain = by_row[('tiny', 'plain', 'float32', 0.7, 1)]
    fewer = by_row[('tiny', 'plain', 'float32', 0.4, 1)]
    assert first.multiply_adds > plain.multiply_adds > fewer.multiply_adds > 0
    assert plain.parameters == first.parameters > 0
    assert all(e.share > 0 and e.latency.median > 0 for e in found.entries)
    written = json.loads(out.read_text())
    assert written['entries'][0]['latency']['median'] == first.latency.median
    report = benchmark_report(found)
    assert 'Batches of 1:' in report
    assert report.count('\n| tiny | textbook | float32 | 0.7 |') == 2


def test_a_matrix_product_has_the_speed_of_the_machine(resnet):
    found = benchmark([str(resnet)], ways=['plain'], batch_sizes=[4], repeats=5)
    # A network is slower than one large product, and not by a factor of a hundred.
    assert 0.01 < found.entries[0].share < 1.5


@pytest.mark.parametrize(
    ('wrong', 'message'),
    [
        (dict(ways=['quick']), 'ways: expected some of'),
        (dict(ways=['textbook']), 'expected a textbook'),
        (dict(ways=['onnx'], dtypes=['bfloat16']), 'dtypes: expected float32 for onnx'),
        (dict(threads=0), 'threads: expected 1 or more, got 0'),
        (dict(dtypes=['int8']), 'dtypes: expected some of'),
        (dict(batch_sizes=[0]), 'batch_sizes: expected 1 or more'),
        (dict(repeats=1), 'repeats: expected 2 or more'),
        (dict(keep_ratios=[0.0]), r'keep_ratios: expected numbers in \(0, 1\]'),
        (dict(device='nowhere'), 'device: expected a device'),
    ],
)
def test_errors_come_before_any_time_is_spent(tiny, wrong, message):
    with pytest.raises(ValueError, match=message):
        benchmark([str(tiny)], **wrong)
