"""The commands and snippets of docs/video_to_3d.md, as they are written."""

import re
import shlex
import sys
from pathlib import Path

import benchmark_video
import make_synthetic_dataset
import make_synthetic_sequences
import numpy as np
import pytest
import train
import video_demo
from known_people import KnownPeople, frames, moving
from small_video import small_inferencer

import ppt_mmpose.apis.video as api
from ppt_mmpose.apis import find_config

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / 'docs' / 'video_to_3d.md').read_text()
SNIPPETS = re.findall('```python\n(.*?)```', TEXT, re.DOTALL)
TOOLS = {
    tool.__name__: tool
    for tool in (
        *(benchmark_video, make_synthetic_dataset, make_synthetic_sequences),
        *(train, video_demo),
    )
}


def commands():
    for block in re.findall('```shell\n(.*?)```', TEXT, re.DOTALL):
        for line in block.replace('\\\n', ' ').splitlines():
            words = shlex.split(line)
            if words[1].startswith('tools/'):
                yield words


def test_there_are_commands():
    assert len(list(commands())) == 8


@pytest.mark.parametrize('words', commands(), ids=lambda words: words[1])
def test_commands_are_understood(words, monkeypatch):
    tool = TOOLS[Path(words[1]).stem]
    monkeypatch.setattr(sys, 'argv', words[1:])
    args = vars(tool.parse_args())
    for name in ('pose2d', 'pose3d', 'config', 'lifters'):
        given = args.get(name) or []
        for config in [given] if isinstance(given, str) else given:
            assert find_config(config)


def test_snippets_run(tmp_path, monkeypatch, capsys):
    joints = moving(12)
    inferencer = small_inferencer(tmp_path, KnownPeople(joints))
    monkeypatch.chdir(tmp_path)
    images = list(frames(12, (1000, 1000)))
    first, second = SNIPPETS

    def made(config, weights, **options):
        assert config == 'hot_motionbert_h36m'
        assert set(options) == {
            *('pose2d', 'pose2d_weights', 'det_model', 'det_weights')
        }
        return lambda video: inferencer(images)

    monkeypatch.setattr(api, 'VideoPoseInferencer', made)
    capsys.readouterr()
    exec(first, {})
    assert {path.name for path in (tmp_path / 'results').iterdir()} == {
        'person_0.npz',
        'person_0.bvh',
    }
    exec(second, dict(inferencer=inferencer, camera=images))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith('0 [ 0 ')
    # Half of twelve frames came within the delay of six.
    assert sum(line.startswith('0 ') and '[[' in line for line in lines) == 6
    assert np.isfinite(inferencer(images).people[0].keypoints_3d).all()
