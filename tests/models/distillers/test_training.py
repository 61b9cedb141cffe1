"""A distiller in MMEngine's runner: resumed, averaged, in bfloat16, on two cores."""

import pytest
import torch
from mmengine.registry import init_default_scope
from small_distilling import distilling_config, history, weights
from two_processes import in_two_processes

from ppt_mmpose.apis import train

LOSSES = ('loss_kpt', 'loss_attention', 'loss_heatmap_kd', 'loss_attention_kd')
SHORT = {'train_cfg.max_epochs': 1}


@pytest.fixture(scope='module')
def config(tmp_path_factory):
    init_default_scope('mmpose')
    return distilling_config(tmp_path_factory.mktemp('distilling'))


@pytest.fixture(scope='module')
def whole(config, tmp_path_factory):
    return train(config, work_dir=str(tmp_path_factory.mktemp('whole')))


def assert_close(ours, theirs, tolerance=1e-6):
    assert ours.keys() == theirs.keys()
    for key, value in theirs.items():
        assert torch.allclose(ours[key], value, atol=tolerance), key


def test_the_runner_holds_the_student_alone(whole):
    teacher = whole.model.teacher.model
    optimizer = whole.optim_wrapper.optimizer
    held = {id(p) for group in optimizer.param_groups for p in group['params']}
    assert held == {id(parameter) for parameter in whole.model.student.parameters()}
    assert not any(module.training for module in teacher.modules())
    assert all(parameter.grad is None for parameter in teacher.parameters())
    saved = weights(whole.work_dir)
    assert {key.partition('.')[0] for key in saved} == {'student'}
    assert history(whole, 'loss') == pytest.approx(
        [sum(parts) for parts in zip(*(history(whole, name) for name in LOSSES))],
        rel=1e-5,
    )


def test_resumed_equals_uninterrupted(config, whole, tmp_path):
    train(config, work_dir=str(tmp_path), cfg_options=dict(SHORT))
    resumed = train(config, work_dir=str(tmp_path), resume='auto')
    assert (resumed.epoch, resumed.iter) == (whole.epoch, whole.iter) == (2, 8)
    for name in (*LOSSES, 'lr'):
        assert history(resumed, name) == pytest.approx(history(whole, name)), name
    assert_close(weights(tmp_path, 2), weights(whole.work_dir, 2))


def test_the_hook_reaches_the_student(config, whole, tmp_path):
    assert set(history(whole, 'keep_ratio')) == {0.7}
    ramp = {'default_hooks.keep_ratio.ramp_epochs': 1, 'train_cfg.max_epochs': 2}
    runner = train(config, work_dir=str(tmp_path), cfg_options=ramp)
    ratios = history(runner, 'keep_ratio')
    assert ratios[:4] == sorted(set(ratios[:4]), reverse=True)
    assert (ratios[0], ratios[-1], runner.model.keep_ratio) == (1.0, 0.7, 0.7)


def test_averages_of_weights(config, tmp_path):
    hook = [dict(type='EMAHook', momentum=0.5)]
    runner = train(
        config, work_dir=str(tmp_path), cfg_options=SHORT | dict(custom_hooks=hook)
    )
    content = torch.load(tmp_path / 'epoch_1.pth')
    averaged = content['ema_state_dict']
    assert {key.partition('student.')[0] for key in averaged} == {'steps', 'module.'}
    # As MMEngine has it, the averages are in the place of the weights.
    now = runner.model.state_dict()
    key = 'student.neck.keypoint_tokens'
    assert torch.equal(averaged[f'module.{key}'], now[key])
    assert not torch.equal(content['state_dict'][key], now[key])
    (ema,) = [h for h in runner.hooks if type(h).__name__ == 'EMAHook']
    copied = ema.ema_model.module
    assert copied.teacher is runner.model.teacher


def test_low_precision(config, whole, tmp_path):
    low = train(config, work_dir=str(tmp_path), amp=True, cfg_options=dict(SHORT))
    assert type(low.optim_wrapper).__name__ == 'BFloat16OptimWrapper'
    for name in LOSSES:
        ours, theirs = history(low, name), history(whole, name)[:4]
        assert ours == pytest.approx(theirs, rel=0.1), name
        assert ours != theirs


def test_two_processes_learn_what_one_learns(config, tmp_path):
    in_two_processes(
        *('train.py', config, '--work-dir', tmp_path / 'two'),
        *('--cfg-options', 'train_cfg.max_epochs=1'),
    )
    options = {'train_dataloader.batch_size': 4}
    train(config, work_dir=str(tmp_path / 'one'), cfg_options=SHORT | options)
    assert_close(weights(tmp_path / 'two'), weights(tmp_path / 'one'), 1e-5)


def test_without_the_teachers_weights_no_step_is_taken(config, tmp_path, monkeypatch):
    monkeypatch.setattr('ppt_mmpose.models.TokenDistiller.train_step', None)
    options = {'model.teacher_checkpoint': 'none.pth'}
    with pytest.raises(FileNotFoundError, match='teacher_checkpoint: expected a file'):
        train(config, work_dir=str(tmp_path), cfg_options=options)
