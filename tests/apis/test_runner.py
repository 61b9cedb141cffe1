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


def test_mixed_precision_needs_an_accelerator(tmp_path):
    with pytest.raises(ValueError, match='amp: MMEngine mixes precisions on an accel'):
        train('ppt_s_coco', work_dir=str(tmp_path), amp=True)


def test_mixed_precision_where_there_is_one(monkeypatch):
    monkeypatch.setattr(runner, 'get_device', lambda: 'cuda')
    cfg = Config(dict(optim_wrapper=dict(optimizer=dict(type='Adam'))))
    runner._mix_precisions(cfg)
    assert cfg.optim_wrapper.type == 'AmpOptimWrapper'
    assert cfg.optim_wrapper.loss_scale == 'dynamic'
    cfg.optim_wrapper.type = 'ApexOptimWrapper'
    with pytest.raises(ValueError, match="got 'ApexOptimWrapper'"):
        runner._mix_precisions(cfg)


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
