"""The same histories as MMEngine's hook, asked for together."""

import pytest
import torch
from engine.hooks.toy import ToyPose, runner_of
from mmengine.hooks import Hook

EPOCHS, STEPS = 2, 3


class Model(ToyPose):
    """Gives a loss that changes, and an accuracy in another precision."""

    def __init__(self):
        super().__init__()
        self.scale = torch.nn.Parameter(torch.tensor(1.0))
        self.steps = 0

    def forward(self, inputs, data_samples=None, mode='tensor'):
        self.steps += 1
        accuracy = torch.tensor(self.steps / 10, dtype=torch.float64)
        loss = self.scale.square()
        return dict(loss=loss, acc=accuracy) if mode == 'loss' else [loss]


class Watch(Hook):
    """Notes how much of the history is there after each iteration."""

    priority = 'LOWEST'

    def __init__(self):
        self.seen = []

    def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
        scalars = runner.message_hub.log_scalars
        there = scalars.get('train/loss')
        self.seen.append(0 if there is None else len(there.data[0]))


def trained(folder, kind, interval=100, **hooks):
    watch = Watch()
    logger = dict(type='LoggerHook', interval=interval) if interval else None
    hooks = dict(runtime_info=dict(type=kind), logger=logger) | hooks
    runner = runner_of(
        folder, hooks, Model(), epochs=EPOCHS, custom_hooks=[watch],
        log_processor=dict(window_size=1),
    )  # fmt: skip
    runner.train()
    return runner, watch.seen


def histories(hub):
    names = [name for name in hub.log_scalars if 'time' not in name]
    return {name: hub.get_scalar(name).data[0].tolist() for name in names}


@pytest.mark.parametrize('interval', [2, 100, None])
def test_same_histories(tmp_path, interval):
    ours, seen = trained(tmp_path / f'ours_{interval}', 'DeferredInfoHook', interval)
    theirs, seen_theirs = trained(
        tmp_path / f'theirs_{interval}', 'RuntimeInfoHook', interval
    )
    assert histories(ours.message_hub) == histories(theirs.message_hub)
    assert len(histories(ours.message_hub)['train/loss']) == EPOCHS * STEPS
    assert seen_theirs == [1, 2, 3, 4, 5, 6]
    # At every second iteration of an epoch where that is logged, and at its end.
    assert seen == ([0, 2, 3, 3, 5, 6] if interval == 2 else [0, 0, 3, 3, 3, 6])


def test_asks_for_no_value_in_between(tmp_path, monkeypatch):
    asked = []
    for name in ('item', 'tolist'):
        whole = getattr(torch.Tensor, name)
        monkeypatch.setattr(
            torch.Tensor, name,
            lambda x, name=name, whole=whole: (asked.append(name), whole(x))[1],
        )  # fmt: skip
    trained(tmp_path, 'DeferredInfoHook', None, checkpoint=None)
    # The loss and the accuracy, once an epoch. (The step of Adam is on the host.)
    assert asked.count('tolist') == 2 * EPOCHS
    asked.clear()
    trained(tmp_path / 'theirs', 'RuntimeInfoHook', None, checkpoint=None)
    assert asked.count('item') >= 2 * EPOCHS * STEPS


def test_checkpoints_hold_all_of_it(tmp_path):
    every = dict(type='CheckpointHook', interval=1, by_epoch=False)
    trained(tmp_path, 'DeferredInfoHook', checkpoint=every)
    for iteration in (1, 2, 4):
        saved = torch.load(tmp_path / f'iter_{iteration}.pth')['message_hub']
        assert len(saved['log_scalars']['train/loss'].data[0]) == iteration
        assert saved['log_scalars']['train/acc'].data[0][0] == pytest.approx(0.1)
