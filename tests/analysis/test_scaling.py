import json

import pytest
from textbook import textbook_of

from ppt_mmpose.analysis.scaling import measure_scaling, plot_scaling, scaling_report


def test_memory_is_linear_in_tokens_where_the_textbooks_is_not(tmp_path):
    out = tmp_path / 'out.json'
    found = measure_scaling(
        'ppt_quickstart',
        input_sizes=[(96, 128), (192, 256), (384, 512)],
        keypoints=[17],
        keep_ratios=[1.0],
        latency=False,
        textbook=textbook_of,
        out=str(out),
    )
    small, middle, large = found.points
    assert [p.tokens for p in found.points] == [64, 256, 1024]
    tokens = 16 * small.tokens / (small.tokens + small.keypoints)
    assert large.encoder_bytes / small.encoder_bytes < tokens * 1.1
    assert large.textbook_bytes / small.textbook_bytes > 3 * tokens
    assert small.multiply_adds < middle.multiply_adds < large.multiply_adds
    assert json.loads(out.read_text())['points'][2]['tokens'] == 1024
    plot_scaling(found, str(tmp_path / 'a.png'))
    assert '| 512x384 | 17 | 1 | 1024 |' in scaling_report(found)


def test_keypoints_and_ratios_change_the_model(tmp_path):
    found = measure_scaling(
        'ppt_quickstart',
        input_sizes=[(96, 128)],
        keypoints=[17, 133],
        keep_ratios=[1.0, 0.5],
        repeats=2,
        threads=1,
    )
    work = {(p.keypoints, p.keep_ratio): p.multiply_adds for p in found.points}
    assert work[17, 1] > work[17, 0.5]
    assert work[133, 1] > work[133, 0.5] > work[17, 0.5]
    assert all(p.latency.median > 0 for p in found.points)
    # Each memory is that of its own ratio.
    assert len({p.encoder_bytes for p in found.points}) == 4
    assert all(p.textbook_bytes is None for p in found.points)
    plot_scaling(found, str(tmp_path / 'a.png'))
    assert (tmp_path / 'a.png').stat().st_size > 10_000


@pytest.mark.parametrize(
    ('wrong', 'message'),
    [
        (dict(input_sizes=[(100, 128)]), r'multiples of 12 and 16, got \(100, 128\)'),
        (dict(keep_ratios=[2.0]), 'keep_ratios: expected numbers in'),
        (dict(repeats=1), 'repeats: expected 2 or more, got 1'),
        (dict(keypoints=[0]), 'num_keypoints: expected 1 or more'),
    ],
)
def test_sizes_that_cannot_be_are_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        measure_scaling('ppt_quickstart', **wrong)
