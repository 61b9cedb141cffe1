"""The Python of docs/multiview.md, run as it is written there, and its options."""

import re
import sys
from pathlib import Path

import multiview_demo
import pytest
import ring_recording
import small_configs
from mmengine.registry import init_default_scope

from ppt_mmpose.motion_files import read_motion

PAGE = Path(__file__).parents[2] / 'docs' / 'multiview.md'
TEXT = PAGE.read_text()


def test_its_python_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    init_default_scope('mmpose')
    ring_recording.write(tmp_path / 'my_recording', views=3)
    config = small_configs.ppt(tmp_path)
    Path(small_configs.with_weights(config, tmp_path)).rename('ours.pth')
    reading, finding = re.findall('```python\n(.*?)```', TEXT, re.DOTALL)
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
