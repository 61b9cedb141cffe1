"""Several views: every combination once, and errors before any time is spent."""

import json

import pytest
import torch
from textbook import textbook_views_of

from ppt_mmpose.analysis.live_bytes import peak_live_bytes
from ppt_mmpose.analysis.subject import load_subject
from ppt_mmpose.analysis.views_benchmark import benchmark_views, ring_samples
from ppt_mmpose.analysis.views_report import plot_views, views_report
from ppt_mmpose.apis import find_config

TINY = """
_base_ = '{base}'
model = dict(
    undistort=False,
    attention_guide=None,
    backbone=dict(channels=4),
    neck=dict(in_channels=16, dim=24, stages=(4,), prune_blocks=(0,)),
    head=dict(in_channels=24),
)
"""


@pytest.fixture
def tiny(tmp_path):
    path = tmp_path / 'tiny.py'
    path.write_text(TINY.format(base=find_config('mv_ppt_s_synthetic')))
    return str(path)


def test_every_combination_once_and_the_same_heatmaps(tiny, tmp_path):
    out = tmp_path / 'out.json'
    found = benchmark_views(
        tiny,
        views=[1, 3],
        instants=[1, 2],
        ways=['textbook', 'plain', 'optimized'],
        repeats=2,
        threads=1,
        textbook=textbook_views_of,
        out=str(out),
    )
    rows = [(cost.views, cost.instants, cost.way) for cost in found.costs]
    assert len(rows) == len(set(rows)) == 2 * 2 * 3
    assert rows[0] == (1, 1, 'textbook')
    assert [cost.speedup for cost in found.costs[::3]] == [1] * 4
    assert all(cost.difference < 1e-5 for cost in found.costs)
    assert all(cost.latency.median > 0 for cost in found.costs)
    assert json.loads(out.read_text())['costs'][0]['way'] == 'textbook'
    report = views_report(found)
    assert report.count('\n| 3 | 2 | ') == 3
    plot_views(found, str(tmp_path / 'a.png'))
    assert (tmp_path / 'a.png').stat().st_size > 10_000


def test_ways_are_compared_with_the_first_one(tiny):
    first, second = benchmark_views(
        tiny, views=[2], instants=[1], ways=['optimized', 'plain'], repeats=2
    ).costs
    assert (first.way, first.difference, first.speedup) == ('optimized', 0, 1)
    assert second.speedup == first.latency.median / second.latency.median


def test_memory_is_linear_in_views_where_the_textbooks_is_not(tiny):
    subject = load_subject(tiny, views=1)
    subject.set_keep_ratio(1)
    textbook = textbook_views_of(subject.model)

    def peak(forward, views):
        images = subject.images(views)
        samples = ring_samples(views, 1, subject.input_size)
        # Without the stem, which would hide the attention of all views.
        subject.model.backbone = textbook.model.backbone = _Features(subject)
        return peak_live_bytes(lambda: forward(images, samples))

    def ours(images, samples):
        return subject.model(images, samples, mode='tensor')

    assert peak(ours, 16) / peak(ours, 4) < 4.4
    assert peak(textbook, 16) / peak(textbook, 4) > 8


class _Features(torch.nn.Module):
    """A stem that costs nothing."""

    def __init__(self, subject):
        super().__init__()
        channels = subject.model.neck.patch_embedding.projection.in_channels
        size = subject.model.neck.patch_embedding.feature_size
        self.features = torch.randn(1, channels, *size)

    def forward(self, images):
        return (self.features.expand(len(images), -1, -1, -1),)


def test_samples_of_whole_groups():
    samples = ring_samples(3, 2, (128, 96))
    assert [(one.group_id, one.view_id) for one in samples] == [
        *((0, 0), (0, 1), (0, 2)),
        *((1, 0), (1, 1), (1, 2)),
    ]
    # The middle of the image of 1000 px goes to the middle of the crop.
    assert (samples[0].crop_affine @ [500, 500, 1]).tolist() == [64, 48]
    assert samples[4].camera['rotation'].shape == (3, 3)


@pytest.mark.parametrize(
    ('wrong', 'message'),
    [
        (dict(ways=['onnx']), r"ways: expected some of .*, got \['onnx'\]"),
        (dict(ways=['textbook']), 'ways: expected a textbook to go with textbook'),
        (dict(views=[4, 0]), 'views: expected 1 or more, got 0'),
        (dict(instants=[]), 'instants: expected 1 or more, got 0'),
        (dict(repeats=1), 'repeats: expected 2 or more, got 1'),
        (dict(threads=0), 'threads: expected 1 or more, got 0'),
    ],
)
def test_errors_come_before_any_time_is_spent(tiny, wrong, message):
    with pytest.raises(ValueError, match=message):
        benchmark_views(tiny, **wrong)


def test_a_model_of_single_views():
    with pytest.raises(ValueError, match='MultiViewTokenPose with neck.fuse, got Topd'):
        benchmark_views('ppt_quickstart')
