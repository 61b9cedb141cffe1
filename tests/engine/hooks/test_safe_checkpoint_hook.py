import os

import pytest
import torch
from engine.hooks.toy import ToyMetric, runner_of
from mmengine.fileio import LocalBackend

from ppt_mmpose.engine import AtomicLocalBackend
from ppt_mmpose.engine.hooks import SafeCheckpointHook

HOOK = dict(type='SafeCheckpointHook', interval=1)


def files(folder):
    return sorted(name for name in os.listdir(folder) if name.endswith('.pth'))


def test_keeps_as_many_as_asked_for(tmp_path):
    hooks = dict(checkpoint=HOOK | dict(max_keep_ckpts=2))
    runner_of(tmp_path, hooks).train()
    assert files(tmp_path) == ['epoch_3.pth', 'epoch_4.pth']
    assert not list(tmp_path.glob('*.tmp'))


def test_keeps_the_best_only(tmp_path):
    best = dict(save_best='score', rule='greater', max_keep_ckpts=1)
    evaluator = ToyMetric([1, 3, 2, 0])
    runner_of(tmp_path, dict(checkpoint=HOOK | best), evaluator=evaluator).train()
    assert files(tmp_path) == ['best_score_epoch_2.pth', 'epoch_4.pth']


class Died(Exception):
    pass


@pytest.mark.parametrize('hook', ['SafeCheckpointHook', 'CheckpointHook'])
def test_dying_while_saving_leaves_the_last_good_one(tmp_path, monkeypatch, hook):
    """Ours survives; MMEngine's hook, in the same test, shows the test can fail."""
    writes = []

    def half(self, obj, filepath, *args):
        writes.append(filepath)
        if len(writes) == 2:
            with open(filepath, 'wb') as file:
                file.write(bytes(obj)[:100])
            raise Died
        return original(self, obj, filepath, *args)

    backend = AtomicLocalBackend if hook == 'SafeCheckpointHook' else LocalBackend
    original = backend.put
    if hook == 'SafeCheckpointHook':

        def die(fd):
            writes.append(fd)
            if len(writes) == 2:
                raise Died

        monkeypatch.setattr(os, 'fsync', die)
    else:
        monkeypatch.setattr(backend, 'put', half)
    hooks = dict(checkpoint=dict(type=hook, interval=1, max_keep_ckpts=1))
    with pytest.raises(Died):
        runner_of(tmp_path, hooks).train()
    good = []
    for name in files(tmp_path):
        try:
            torch.load(tmp_path / name)
            good.append(name)
        except Exception:
            pass
    assert good == (['epoch_1.pth'] if hook == 'SafeCheckpointHook' else [])


def test_dying_while_saving_the_best_leaves_the_old_best(tmp_path, monkeypatch):
    original = AtomicLocalBackend.put

    def die(self, obj, filepath):
        if 'best_score_epoch_2' in str(filepath):
            raise Died
        original(self, obj, filepath)

    monkeypatch.setattr(AtomicLocalBackend, 'put', die)
    hooks = dict(checkpoint=HOOK | dict(save_best='score', rule='greater'))
    with pytest.raises(Died):
        runner_of(tmp_path, hooks, evaluator=ToyMetric([1, 2])).train()
    assert 'best_score_epoch_1.pth' in files(tmp_path)


def test_what_was_just_saved_is_never_removed(tmp_path):
    """The new best may have the name of the old one."""
    best, old = tmp_path / 'best.pth', tmp_path / 'old.pth'
    best.touch(), old.touch()
    hook = SafeCheckpointHook()
    hook.file_backend = LocalBackend()
    hook.last_ckpt, hook.best_ckpt_path = None, str(best)
    with hook._remove_afterwards():
        for path in (best, old):
            hook.file_backend.remove(str(path))
        assert old.exists()
    assert files(tmp_path) == ['best.pth']
