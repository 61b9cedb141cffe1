import math

import pytest
import torch
from engine.hooks.toy import ToyPose, runner_of

from ppt_mmpose.engine.hooks import KeepRatioHook

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
