"""Lifters side by side: every way and output once, and errors before any time."""

import json

import pytest
import torch
from mmengine.config import Config
from textbook_lifting import textbook_lifter_of

from ppt_mmpose.analysis.lifter_benchmark import (
    benchmark_lifters,
    lifter_benchmark_report,
    mmposes_own,
)
from ppt_mmpose.analysis.lifter_subject import load_lifter
from ppt_mmpose.apis import find_config

SMALL = {
    'model.backbone.depth': 2,
    'model.backbone.feat_size': 16,
    'model.backbone.seq_len': 21,
    'model.head.in_channels': 16,
}
PRUNED = {
    'model.backbone.hourglass.prune_blocks': (1,),
    'model.backbone.hourglass.kept_frames': (8,),
}


def small(tmp_path, name, options):
    """A file of a config, made small."""
    cfg = Config.fromfile(find_config(f'{name}_h36m'))
    cfg.merge_from_dict(options)
    path = tmp_path / f'{name}.py'
    cfg.dump(str(path))
    return str(path)


@pytest.fixture
def four(tmp_path):
    return [
        small(tmp_path, name, SMALL | options)
        for name, options in (
            ('mixste', {}),
            ('hot_mixste', PRUNED),
            ('tpc_mixste', PRUNED),
            ('motionbert', {}),
        )
    ]


def test_every_way_and_output_once(four, tmp_path):
    out = tmp_path / 'out.json'
    found = benchmark_lifters(
        four,
        ways=['textbook', 'mmpose', 'plain', 'bfloat16'],
        batch_size=3,
        repeats=2,
        threads=1,
        textbook=textbook_lifter_of,
        out=str(out),
    )
    rows = [(e.output, e.config, e.way) for e in found.entries]
    assert len(rows) == len(set(rows))
    three, all_four = ['textbook', 'plain', 'bfloat16'], ['textbook', 'mmpose']
    all_four += three[1:]
    expected = {
        'all': dict(mixste=three, hot_mixste=three, motionbert=all_four),
        'centre': dict(mixste=three, tpc_mixste=three, motionbert=all_four),
    }
    assert rows == [
        (output, config, way)
        for output, configs in expected.items()
        for config, ways in configs.items()
        for way in ways
    ]
    for entry in found.entries:
        assert entry.frames == 3 * (21 if entry.output == 'all' else 1)
        speed = 1000 * entry.frames / entry.latency.median
        assert entry.frames_per_second == pytest.approx(speed)
    first = next(entry for entry in found.entries if entry.output == 'centre')
    assert first.speedup == found.entries[0].speedup == 1
    ratio = found.entries[1].frames_per_second / found.entries[0].frames_per_second
    assert found.entries[1].speedup == pytest.approx(ratio)
    written = json.loads(out.read_text())
    assert written['entries'][0]['latency']['median'] == found.entries[0].latency.median
    report = lifter_benchmark_report(found)
    assert 'Sequence to sequence, 3 a pass:' in report
    assert 'A window for each frame, 3 a pass:' in report
    assert report.count('\n| motionbert | mmpose |') == 2


def test_mmposes_own_gives_the_same():
    subject = load_lifter('motionbert_h36m', cfg_options=SMALL)
    for weight in subject.model.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    keypoints = subject.keypoints(2)
    with torch.no_grad():
        ours = subject.forward('all', keypoints)()
        theirs = mmposes_own(subject.model)(keypoints)
    assert (ours - theirs).abs().max() < 1e-5 * ours.abs().max()


def test_mmpose_has_no_others():
    for name, options in (('mixste', {}), ('hot_motionbert', PRUNED)):
        subject = load_lifter(f'{name}_h36m', cfg_options=SMALL | options)
        assert mmposes_own(subject.model) is None


@pytest.mark.parametrize(
    ('wrong', 'message'),
    [
        (dict(ways=['quick']), 'ways: expected some of'),
        (dict(ways=['textbook']), 'expected a textbook'),
        (dict(outputs=['last']), 'outputs: expected some of'),
        (dict(batch_size=0), 'batch_size: expected 1 or more'),
        (dict(repeats=1), 'repeats: expected 2 or more'),
        (dict(threads=0), 'threads: expected 1 or more, got 0'),
        (dict(device='nowhere'), 'device: expected a device'),
        (dict(ways=['mmpose']), 'outputs: expected some that'),
    ],
)
def test_errors(four, wrong, message):
    with pytest.raises(ValueError, match=message):
        benchmark_lifters(four[:1], **wrong)
