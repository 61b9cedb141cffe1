import os

from ppt_mmpose.apis import latest_checkpoint


def test_an_empty_folder_has_no_checkpoint(tmp_path):
    assert latest_checkpoint(str(tmp_path)) is None
    assert latest_checkpoint(str(tmp_path / 'none')) is None


def test_the_note_counts(tmp_path):
    for name in ('epoch_1.pth', 'epoch_2.pth'):
        (tmp_path / name).touch()
    (tmp_path / 'last_checkpoint').write_text(str(tmp_path / 'epoch_1.pth'))
    assert latest_checkpoint(str(tmp_path)) == str(tmp_path / 'epoch_1.pth')


def test_a_broken_note_gives_the_newest_file(tmp_path):
    for age, name in enumerate(('epoch_10.pth', 'epoch_9.pth')):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    for note in ('', str(tmp_path / 'epoch_11.pth')):
        (tmp_path / 'last_checkpoint').write_text(note)
        assert latest_checkpoint(str(tmp_path)) == str(tmp_path / 'epoch_10.pth')
