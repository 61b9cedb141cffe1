import math
from dataclasses import replace

import pytest
import torch
from engine.hooks.toy import ToyPose, runner_of

from ppt_mmpose.engine.hooks import KeepRatioHook
from ppt_mmpose.tokens import PruneSchedule

STEPS = 3  # iterations of an epoch of the toy


def hook_of(**options):
    return dict(keep_ratio=dict(type='KeepRatioHook') | options)


def ratios(model, mode):
    return [ratio for seen, ratio in model.seen if seen == mode]


def test_ramp_is_by_iteration_and_ends_at_the_target(tmp_path):
    model = ToyPose(keep_ratio=0.5)
    hooks = hook_of(warmup_epochs=1, ramp_epochs=2)
    runner_of(tmp_path, hooks, model).train()
    seen = ratios(model, 'loss')
    assert seen[: STEPS + 1] == [1.0] * (STEPS + 1)
    cosine = [0.5 + 0.25 * (1 + math.cos(math.pi * i / 6)) for i in range(1, 6)]
    assert seen[STEPS + 1 : 3 * STEPS] == pytest.approx(cosine)
    assert seen[3 * STEPS :] == [0.5] * STEPS


def test_a_ramp_in_steps(tmp_path):
    model = ToyPose(keep_ratio=0.5)
    hooks = hook_of(warmup_epochs=1, ramp_epochs=2, steps=3)
    runner_of(tmp_path, hooks, model).train()
    falls = [0.5 + 0.25 * (1 + math.cos(math.pi * i / 3)) for i in (0, 1, 2, 3)]
    expected = [1.0] * STEPS + [r for r in falls[:3] for _ in range(2)] + [0.5] * STEPS
    assert ratios(model, 'loss') == pytest.approx(expected)
    assert len(set(ratios(model, 'loss'))) == 4


def test_steps_bound_how_often_a_compiled_model_is_compiled():
    # PPT-S for 210 epochs on COCO, with the released ramp.
    per_epoch, schedule = 149813 // 128, PruneSchedule((3, 6, 9), 0.7)

    def different(**options):
        hook, ratios, counts = KeepRatioHook(10, 100, **options), set(), set()
        for iteration in range(210 * per_epoch):
            ratio = hook._ratio(iteration, per_epoch, 0.7)
            if ratio not in ratios:
                ratios.add(ratio)
                now = replace(schedule, keep_ratio=ratio)
                counts.add(tuple(now.counts(256).values()))
        return len(ratios), len(counts)

    assert different() == (100 * per_epoch + 1, 194)
    # The ratio of 1 before the first fall, and one after each.
    assert different(steps=6) == (7, 7)
    assert different(steps=1) == (2, 2)


def test_validation_and_the_end_are_at_the_target(tmp_path):
    model = ToyPose(keep_ratio=0.5)
    runner_of(tmp_path, hook_of(warmup_epochs=9, ramp_epochs=9), model).train()
    assert ratios(model, 'predict') == [0.5] * 4
    assert model.neck.keep_ratio == 0.5


def test_saving_is_at_the_target(tmp_path):
    model, saved = ToyPose(keep_ratio=0.5), []

    class Spy(KeepRatioHook):
        def before_save_checkpoint(self, runner, checkpoint):
            saved.append(model.neck.keep_ratio)
            super().before_save_checkpoint(runner, checkpoint)
            saved.append(model.neck.keep_ratio)

    hooks = dict(
        keep_ratio=Spy(warmup_epochs=9), checkpoint=dict(type='CheckpointHook')
    )
    runner_of(tmp_path, hooks, model, epochs=1).train()
    assert saved[:2] == [1.0, 0.5]


def test_reaches_through_wrappers(tmp_path):
    class Wrapper(ToyPose):
        def __init__(self):
            super().__init__()
            self.student = torch.nn.ModuleDict(dict(module=ToyPose(keep_ratio=0.25)))

    model = Wrapper()
    hook = KeepRatioHook(warmup_epochs=0, ramp_epochs=0)
    runner = runner_of(tmp_path, dict(keep_ratio=hook), model, epochs=1)
    runner.train()
    assert {target for _, target in hook._targets} == {0.5, 0.25}


def test_reaches_through_compile_and_restores(tmp_path):
    model = ToyPose(keep_ratio=0.5)
    compiled = torch.compile(model, backend='eager')
    hook = KeepRatioHook(warmup_epochs=5)

    class Runner:
        model = compiled
        train_dataloader = range(3)
        iter = 0
        message_hub = type('Hub', (), dict(update_scalar=lambda *args: None))()

    hook.before_train(Runner)
    for restore in (hook.before_val, hook.before_test, hook.after_train):
        hook.before_train_iter(Runner, 0)
        assert model.neck.keep_ratio == 1
        restore(Runner)
        assert model.neck.keep_ratio == 0.5


def test_an_ema_copy_validates_at_the_target(tmp_path):
    model = ToyPose(keep_ratio=0.5)
    ema = dict(ema=dict(type='EMAHook'))
    hooks = hook_of(warmup_epochs=9) | ema
    runner_of(tmp_path, hooks, model, epochs=1).train()
    assert ratios(model, 'predict') == [0.5]


def test_goes_on_where_it_was_after_a_resume(tmp_path):
    hooks = hook_of(warmup_epochs=0, ramp_epochs=4)
    hooks |= dict(checkpoint=dict(type='SafeCheckpointHook'))
    whole, first, rest = ToyPose(), ToyPose(), ToyPose()
    runner_of(tmp_path / 'whole', hooks, whole).train()
    runner_of(tmp_path / 'parts', hooks, first, epochs=2).train()
    runner_of(tmp_path / 'parts', hooks, rest, resume=True).train()
    parts = ratios(first, 'loss') + ratios(rest, 'loss')
    assert parts == pytest.approx(ratios(whole, 'loss'))


def test_a_ramp_without_pruning_is_refused(tmp_path):
    model = ToyPose(prune_blocks=(), keep_ratio=1)
    with pytest.raises(ValueError, match='nothing in ToyPose prunes'):
        runner_of(tmp_path, hook_of(), model).train()


@pytest.mark.parametrize('name', ['warmup_epochs', 'ramp_epochs'])
def test_negative_lengths(name):
    with pytest.raises(ValueError, match=f'{name}: expected 0 or more'):
        KeepRatioHook(**{name: -1})


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(steps=0), 'steps: expected 1 or more, or None, got 0'),
        (dict(steps=4, ramp_epochs=0), 'steps: 4 has no effect without ramp_epochs'),
    ],
)
def test_steps_that_cannot_be(options, message):
    with pytest.raises(ValueError, match=message):
        KeepRatioHook(**options)
