import json
from dataclasses import replace

import numpy as np
import pytest
from made_motion import RECORDING, instant

from ppt_mmpose.motion_files import JsonWriter, read_json


def by_hand():
    one = instant(50)
    return replace(
        one,
        keypoints_3d=np.array([[0.1, 0.2, -3], [0, 0, 0], [1, 2, 1 / 3]], np.float32),
        found=np.array([True, False, True]),
        keypoints_2d=np.arange(12.0).reshape(2, 3, 2) / 3,
        scores=np.full((2, 3), 0.1, np.float32),
        errors=np.full((2, 3), 2.25),
        used=np.array([[True, False, False], [False] * 3]),
        boxes=np.array([[1, 2, 3, 4.5], [0, 0, 0, 0]]),
        seen=np.array([True, False]),
    )


def test_the_content_as_the_page_tells_it(tmp_path):
    path = tmp_path / 'walk.json'
    with JsonWriter(path, RECORDING) as writer:
        writer.write(by_hand())
    content = json.loads(path.read_text())
    assert content['meta'] == dict(
        camera_names=['left', 'right, far'],
        keypoint_names=['nose', 'left eye', 'knie_ü'],
        links=[[0, 1], [1, 2]],
        rate=25.0,
    )
    assert content['instants'] == [
        dict(
            index=50,
            name='000050',
            time=2.0,
            keypoints_3d=[[0.1, 0.2, -3], None, [1, 2, 0.333333]],
            found=[True, False, True],
            cameras={
                'left': dict(
                    keypoints=[[0, 0.333], [0.667, 1], [1.333, 1.667]],
                    keypoint_scores=[0.1, 0.1, 0.1],
                    bbox=[1, 2, 3, 4.5],
                    errors=[2.25, None, 2.25],
                    used=[True, False, False],
                ),
                'right, far': None,
            },
        )
    ]


def test_a_line_is_there_when_write_returns(tmp_path):
    path = tmp_path / 'walk.json'
    with JsonWriter(path, RECORDING) as writer:
        writer.write(instant(0))
        writer.write(instant(1))
        lines = path.read_text().splitlines()
        assert [json.loads(line.rstrip(','))['index'] for line in lines[2:]] == [0, 1]
        with pytest.raises(ValueError, match='walk.json: expected a motion file'):
            read_json(path)


def test_a_key_that_is_missing_is_named(tmp_path):
    path = tmp_path / 'walk.json'
    path.write_text('{"meta": {"camera_names": []}}')
    with pytest.raises(ValueError, match="none with the key 'keypoint_names'"):
        read_json(path)
