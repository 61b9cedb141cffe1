"""The Python of docs/multiview.md, run as it is written there, and its options."""

import re
import runpy
import shlex
import sys
from pathlib import Path

import multiview_demo
import pytest
import ring_recording
import small_configs
from mmengine.registry import init_default_scope

from ppt_mmpose.motion_files import read_motion

ROOT = Path(__file__).parents[2]
PAGE = ROOT / 'docs' / 'multiview.md'
TEXT = PAGE.read_text()


def test_its_python_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    init_default_scope('mmpose')
    ring_recording.write(tmp_path / 'my_recording', views=3)
    config = small_configs.ppt(tmp_path)
    Path(small_configs.with_weights(config, tmp_path)).rename('ours.pth')
    reading, finding, _ = re.findall('```python\n(.*?)```', TEXT, re.DOTALL)
    exec(finding.replace("'ppt_s_coco'", repr(config)), {})
    assert capsys.readouterr().out.count(' keypoints\n') == 3
    known = {}
    exec(reading, known)
    assert len(known['instants']) == 3
    assert known['recording'].camera_names == ('cam0', 'cam1', 'cam2')
    # Turned, because of up.
    assert len(read_motion('results/keypoints.trc', up='+z')[1]) == 3


def test_its_options_are_those_of_the_tool(monkeypatch, capsys):
    monkeypatch.setattr(sys, 'argv', ['multiview_demo.py', '--help'])
    with pytest.raises(SystemExit):
        multiview_demo.parse_args()
    there = set(re.findall(r'(?<![\w-])--[a-z][\w-]*', capsys.readouterr().out))
    table = TEXT.split('## Options')[1].split('\n\n')[1]
    told = set(re.findall(r'`(--[a-z][\w-]*)', table))
    # The steps before tell of the others.
    others = {'--pose2d', '--weights', '--device', '--out-dir', '--help'}
    assert told == there - others


SECTION = TEXT.split('## With a model that sees all views')[1].split('\n## ')[0]
# Minutes on the page; here fewer images, one epoch, and no processes beside this one.
SHORT = {
    'make_synthetic_views.py': ['--instants=4', '--val-instants=2'],
    'train.py': [
        *('train_cfg.max_epochs=1', 'train_cfg.val_interval=1'),
        *('val_dataloader.num_workers=0', 'val_dataloader.persistent_workers=False'),
    ],
    'test.py': [
        *('test_dataloader.num_workers=0', 'test_dataloader.persistent_workers=False'),
    ],
    'multiview_demo.py': ['--device=cpu', '--score-thr=0', '--method=linear'],
}


def commands():
    """The lines of shell of the section on models that see all views."""
    blocks = re.findall('```shell\n(.*?)```', SECTION, re.DOTALL)
    for line in ''.join(blocks).replace('\\\n', ' ').splitlines():
        python, tool, *arguments = shlex.split(line.replace('epoch_8', 'epoch_1'))
        assert python == 'python'
        yield ROOT / tool, arguments


def test_a_model_of_all_views_from_images_to_people(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('LOCAL_RANK', '0')
    (boxes,) = re.findall('```python\n(.*?)```', SECTION, re.DOTALL)
    done = []
    for tool, arguments in commands():
        if tool.name == 'multiview_demo.py':
            exec(boxes, {})
        more = SHORT[tool.name]
        if tool.name in ('train.py', 'test.py') and '--cfg-options' not in arguments:
            more = ['--cfg-options', *more]
        monkeypatch.setattr(sys, 'argv', [tool.name, *arguments, *more])
        runpy.run_path(str(tool), run_name='__main__')
        done.append(tool.name)
    assert done == [*SHORT, 'train.py']
    _, instants = read_motion('results/keypoints.npz')
    assert [one.name for one in instants] == ['000000', '000001']
    for one in instants:
        assert one.seen.all()
        # Not the whole image.
        assert (one.boxes[:, 2] - one.boxes[:, 0] < 159).all()
    assert list(Path('results/overlays/views').iterdir())
    assert Path('work_dirs/any_views/epoch_1.pth').is_file()
