import os

import pytest
from mmengine.config import Config

from ppt_mmpose.apis import latest_checkpoint, runner, train


def test_an_empty_folder_has_no_checkpoint(tmp_path):
    assert latest_checkpoint(str(tmp_path)) is None
    assert latest_checkpoint(str(tmp_path / 'none')) is None


def test_the_note_counts(tmp_path):
    for name in ('epoch_1.pth', 'epoch_2.pth'):
        (tmp_path / name).touch()
    (tmp_path / 'last_checkpoint').write_text(str(tmp_path / 'epoch_1.pth'))
    assert latest_checkpoint(str(tmp_path)) == str(tmp_path / 'epoch_1.pth')


def test_a_copied_folder_has_its_own(tmp_path):
    for folder in ('run', 'copy'):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / 'epoch_1.pth').touch()
        note = tmp_path / folder / 'last_checkpoint'
        note.write_text(str(tmp_path / 'run' / 'epoch_1.pth'))
    copied = latest_checkpoint(str(tmp_path / 'copy'))
    assert copied == str(tmp_path / 'copy' / 'epoch_1.pth')
    (tmp_path / 'copy' / 'epoch_1.pth').unlink()
    assert latest_checkpoint(str(tmp_path / 'copy')) == str(
        tmp_path / 'run' / 'epoch_1.pth'
    )


def test_a_broken_note_gives_the_newest_file(tmp_path):
    for age, name in enumerate(('epoch_10.pth', 'epoch_9.pth')):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    for note in ('', str(tmp_path / 'epoch_11.pth')):
        (tmp_path / 'last_checkpoint').write_text(note)
        assert latest_checkpoint(str(tmp_path)) == str(tmp_path / 'epoch_10.pth')


@pytest.mark.parametrize('before', ['OptimWrapper', 'AmpOptimWrapper', None])
def test_mixed_precision_fits_the_device(monkeypatch, before):
    for device, expected in (
        ('cuda', dict(type='AmpOptimWrapper', loss_scale='dynamic')),
        ('cpu', dict(type='BFloat16OptimWrapper')),
    ):
        monkeypatch.setattr(runner, 'get_device', lambda device=device: device)
        wrapper = dict(optimizer=dict(type='Adam'))
        if before:
            wrapper['type'] = before
        if before == 'AmpOptimWrapper':
            wrapper['loss_scale'] = 'dynamic'
        cfg = Config(dict(optim_wrapper=wrapper))
        runner._mix_precisions(cfg)
        assert cfg.optim_wrapper == dict(optimizer=dict(type='Adam')) | expected


def test_bfloat16_that_was_asked_for_stays_on_an_accelerator(monkeypatch):
    monkeypatch.setattr(runner, 'get_device', lambda: 'cuda')
    cfg = Config(dict(optim_wrapper=dict(type='BFloat16OptimWrapper')))
    runner._mix_precisions(cfg)
    assert cfg.optim_wrapper == dict(type='BFloat16OptimWrapper')


@pytest.mark.parametrize(
    ('wrapper', 'message'),
    [
        (dict(type='ApexOptimWrapper'), "got 'ApexOptimWrapper'"),
        (dict(type='AmpOptimWrapper', dtype='float16'), "on a CPU, got 'float16'"),
    ],
)
def test_mixed_precision_that_cannot_be(wrapper, message):
    with pytest.raises(ValueError, match=message):
        runner._mix_precisions(Config(dict(optim_wrapper=wrapper)))


@pytest.mark.parametrize(
    ('arguments', 'missing'),
    [
        (dict(auto_scale_lr=True), 'auto_scale_lr'),
        (dict(show_dir='drawn'), 'visualization'),
    ],
)
def test_what_an_option_needs_is_named(tmp_path, arguments, missing):
    (tmp_path / 'bare.py').write_text(
        "default_scope = 'mmpose'\ndefault_hooks = dict()\n"
    )
    with pytest.raises(ValueError, match=f'config: expected .*got no {missing}'):
        train(str(tmp_path / 'bare.py'), work_dir=str(tmp_path), **arguments)
