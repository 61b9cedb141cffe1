"""The quickstart, very short, as a user runs it: from an installed wheel, twice."""

import re

from environment import Environment, install

COMMAND = 'mim run ppt_mmpose quickstart --train 24 --val 6 --epochs 1 --workers 1'


def test_runs_and_runs_again(tmp_path):
    environment = Environment(tmp_path / 'environment')
    install(environment, 'wheel', tmp_path)
    folder = tmp_path / 'project'
    folder.mkdir()
    first = environment.check(COMMAND, folder)
    assert 'Training finished successfully' in first
    ap, floor = (
        float(re.search(pattern, first)[1])
        for pattern in (
            r'coco/AP: (\d\.\d\d) ',
            r'(\d\.\d\d) for the mean training pose',
        )
    )
    assert 0 <= ap <= 1
    assert 0 <= floor <= 0.1
    pictures = re.findall(r'^  (\S+_0_kept\.png)$', first, re.MULTILINE)
    assert len(pictures) == 6
    assert all((folder / picture).stat().st_size > 5000 for picture in pictures)
    again = environment.check(COMMAND, folder)
    assert 'trained already' in again
    assert 'Training finished' not in again
    assert re.search(r'coco/AP: (\d\.\d\d) ', again)[1] == f'{ap:.2f}'
    # Another length is another training.
    other = environment.check(COMMAND.replace('--epochs 1', '--epochs 2'), folder)
    assert 'Training finished successfully' in other
    weights = folder / 'work_dirs/quickstart'
    assert (weights / 'epoch_2.pth').is_file()
    # Stopped after its first epoch, it goes on.
    (weights / 'epoch_2.pth').unlink()
    resumed = environment.check(COMMAND.replace('--epochs 1', '--epochs 2'), folder)
    assert 'resumed epoch: 1' in resumed
