"""Every training once, real steps, and errors before any time is spent."""

import copy
import json

import pytest
import torch
from mmengine.config import Config
from textbook import textbook_of

from ppt_mmpose.analysis.latency import usable_device
from ppt_mmpose.analysis.subject import load_subject
from ppt_mmpose.analysis.training_benchmark import benchmark_training, training_report
from ppt_mmpose.analysis.training_step import training_step
from ppt_mmpose.apis import find_config

TINY = """
_base_ = '{base}'
model = dict(neck=dict(stages=(2,), prune_blocks=(0,)), attention_guide={guide})
"""
CPU = torch.device('cpu')


@pytest.fixture
def tiny(tmp_path):
    path = tmp_path / 'tiny.py'
    base = find_config('ppt_quickstart')
    path.write_text(TINY.format(base=base, guide=None))
    return str(path)


def test_a_textbook_for_what_it_has(tmp_path):
    path, guide = tmp_path / 'guided.py', 'dict(blocks=(0,))'
    path.write_text(TINY.format(base=find_config('ppt_quickstart'), guide=guide))
    with pytest.raises(ValueError, match='expected model.attention_guide=None'):
        benchmark_training([str(path)], ways=['textbook'], textbook=textbook_of)


def test_every_training_once(tiny, resnet, tmp_path):
    out = tmp_path / 'out.json'
    ways = ['textbook', 'plain', 'amp', 'checkpointed', 'bfloat16+checkpointed']
    found = benchmark_training(
        [tiny, str(resnet)],
        ways=ways,
        batch_size=2,
        repeats=2,
        threads=1,
        textbook=textbook_of,
        out=str(out),
    )
    rows = [(entry.config, entry.way) for entry in found.entries]
    # A model without tokens has no textbook, and nothing that is checkpointed.
    assert rows == [
        *(('tiny', way) for way in ways),
        *(('resnet', way) for way in ('plain', 'amp')),
    ]
    first, plain, amp, checkpointed, both = found.entries[:5]
    assert first.speedup == first.memory == 1
    assert both.stored_bytes < checkpointed.stored_bytes < plain.stored_bytes
    assert amp.stored_bytes < plain.stored_bytes < first.stored_bytes
    assert plain.memory == plain.stored_bytes / first.stored_bytes
    for entry in found.entries:
        parts = (entry.forward, entry.backward, entry.optimizer)
        assert all(part.low > 0 for part in parts)
        assert max(part.median for part in parts) < entry.step.median
        assert entry.images_per_second == pytest.approx(2000 / entry.step.median)
        assert entry.peak_bytes is None
    written = json.loads(out.read_text())
    assert written['entries'][1]['step']['median'] == plain.step.median
    report = training_report(found)
    assert 'Steps of 2 images:' in report
    assert report.count('\n| tiny | checkpointed | 0.7 |') == 1


@pytest.fixture
def distilling(tmp_path):
    """A student as the tiny one, and a teacher as deep."""
    cfg = Config.fromfile(find_config('dppt_s_synthetic'))
    student = cfg.model.student
    student.attention_guide = None
    student.neck.update(stages=(2,), prune_blocks=(0,))
    cfg.model.teacher = copy.deepcopy(student)
    cfg.model.teacher.neck.update(prune_blocks=(), keep_ratio=1.0)
    path = tmp_path / 'distilling.py'
    cfg.dump(path)
    return str(path)


def test_a_distiller_beside_its_student(distilling, tiny):
    found = benchmark_training(
        [tiny, distilling],
        ways=['plain', 'textbook', 'checkpointed'],
        batch_size=2,
        repeats=2,
        threads=1,
        textbook=textbook_of,
    )
    stored = {(e.config, e.way): e.stored_bytes for e in found.entries}
    plain, naive, checkpointed = (
        stored['distilling', way] for way in ('plain', 'textbook', 'checkpointed')
    )
    assert stored['tiny', 'plain'] < plain < naive
    assert checkpointed < plain
    assert {entry.keep_ratio for entry in found.entries} == {0.7}


def test_a_distillers_textbook_finds_the_same_losses(distilling):
    subject = load_subject(distilling, distillers=True)
    step = training_step(subject, 'plain', batch_size=2, device=CPU)
    naive = textbook_of(step.model).eval()
    ours = step.model.eval()(step.images, step.samples, mode='loss')
    theirs = naive(step.images, step.samples, mode='loss')
    for name in ('loss_kpt', 'loss_heatmap_kd', 'loss_attention_kd'):
        assert ours[name].item() == pytest.approx(theirs[name].item(), rel=1e-4), name


def test_distillers_elsewhere_are_refused(distilling):
    with pytest.raises(ValueError, match='TopdownPoseEstimator, got TokenDistiller'):
        load_subject(distilling)


def test_a_step_is_a_real_one(tiny):
    step = training_step(load_subject(tiny), 'plain', batch_size=2, device=CPU)
    before = {name: p.clone() for name, p in step.model.named_parameters()}
    steps, means = step.wrapper.optimizer.state, step.model.backbone.bn1.running_mean
    old = means.clone()
    assert len(step.run()) == 3
    assert all(state['step'] == 1 for state in steps.values())
    assert len(steps) == len(before)
    changed = [n for n, p in step.model.named_parameters() if (p != before[n]).any()]
    assert {name.split('.')[0] for name in changed} == {'backbone', 'neck', 'head'}
    assert (means != old).any()
    assert all(p.grad is None for p in step.model.parameters())


def test_ways_train_what_they_say(tiny):
    subject = load_subject(tiny)

    def of(way):
        return training_step(
            subject, way, batch_size=1, device=CPU, textbook=textbook_of
        )

    assert of('checkpointed').model.neck.encoder.with_cp
    assert not of('plain').model.neck.encoder.with_cp
    assert type(of('textbook').model.neck).__name__ == 'TextbookNeck'
    kinds = {
        way: type(of(way).wrapper).__name__
        for way in ('plain', 'amp', 'bfloat16', 'textbook+amp')
    }
    low = 'BFloat16OptimWrapper'
    assert kinds == {
        'plain': 'OptimWrapper', 'amp': low, 'bfloat16': low, 'textbook+amp': low
    }  # fmt: skip
    assert type(of('plain').wrapper.optimizer).__name__ == 'FusedAdam'
    assert type(of('textbook').wrapper.optimizer) is torch.optim.Adam
    compiled = of('compiled')
    assert compiled.compute is not compiled.model
    assert compiled.compute._orig_mod is compiled.model


@pytest.mark.skipif(not torch.cuda.is_available(), reason='needs a CUDA device')
def test_on_an_accelerator(tiny):
    found = benchmark_training(
        [tiny], ways=['plain', 'amp'], batch_size=2, repeats=2, device='cuda'
    )
    for entry in found.entries:
        assert entry.peak_bytes > entry.stored_bytes > 0
    assert 'MiB at the peak' in training_report(found)
    assert usable_device('cuda').type == 'cuda'


@pytest.mark.parametrize(
    ('wrong', 'message'),
    [
        (dict(ways=['quick']), 'ways: expected some of'),
        (dict(ways=['plain+quick']), 'ways: expected some of'),
        (dict(ways=['textbook']), 'expected a textbook'),
        (dict(ways=['textbook+checkpointed']), 'one of textbook and checkpointed'),
        (dict(batch_size=0), 'batch_size: expected 1 or more'),
        (dict(repeats=1), 'repeats: expected 2 or more'),
        (dict(device='nowhere'), 'device: expected a device'),
        (dict(cfg_options={'codec.input_size': (96, 128)}), 'has no effect'),
    ],
)
def test_errors_come_before_any_time_is_spent(tiny, wrong, message, monkeypatch):
    monkeypatch.setattr('ppt_mmpose.analysis.training_step.TrainingStep.run', None)
    with pytest.raises(ValueError, match=message):
        benchmark_training([tiny], **wrong)
