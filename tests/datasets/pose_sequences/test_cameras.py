import json
import os
import pickle

import numpy as np
import pytest

from ppt_mmpose.datasets.pose_sequences import read_cameras, write_cameras

CAMERA = dict(
    w=640,
    h=480,
    f=np.array([[700.5], [701.0]]),
    c=np.array([[320.0], [241.25]]),
    R=np.eye(3),
    name='front',
)


def test_json_and_pickle_say_the_same(tmp_path):
    cameras = {('S1', 'C1'): CAMERA, ('S2', '54138969'): CAMERA}
    write_cameras(cameras, tmp_path / 'cameras.json')
    (tmp_path / 'cameras.pkl').write_bytes(pickle.dumps(cameras))
    assert set(json.loads((tmp_path / 'cameras.json').read_text())) == {
        'S1.C1',
        'S2.54138969',
    }
    for name in ('cameras.json', 'cameras.pkl'):
        read = read_cameras(tmp_path / name)
        assert set(read) == set(cameras)
        for key, value in CAMERA.items():
            given = read['S1', 'C1'][key]
            np.testing.assert_array_equal(given, value)
            assert type(given) is type(value)


def test_flat_lists_become_columns(tmp_path):
    plain = {'S1.C1': dict(w=4, h=3, f=[1, 2], c=[3, 4])}
    (tmp_path / 'cameras.json').write_text(json.dumps(plain))
    camera = read_cameras(tmp_path / 'cameras.json')['S1', 'C1']
    np.testing.assert_array_equal(camera['f'], [[1], [2]])
    assert camera['c'].shape == (2, 1)


def test_mmposes_own_file(mmpose_sample):
    path = mmpose_sample / 'h36m' / 'cameras.pkl'
    cameras = read_cameras(path)
    assert len(cameras) == 44
    # That file is MMPose's, and harmless.
    for key, camera in pickle.loads(path.read_bytes()).items():
        for name, value in camera.items():
            np.testing.assert_array_equal(cameras[key][name], value)


class Malicious:
    def __reduce__(self):
        return os.system, ('exit 1',)


@pytest.mark.parametrize(
    ('name', 'content', 'message'),
    [
        ('a.json', '{"S1C1": {"w": 1, "h": 1}}', "such as 'S1.C1', got 'S1C1'"),
        ('a.json', '{"S1.C1": {"w": 1}}', 'a.json: camera S1.C1: h: expected .* None'),
        ('a.json', '{"S1.C1": {"w": 0, "h": 2}}', 'S1.C1: w: expected .* got 0'),
        ('a.json', '{"S1.C1": 3}', r"under \(subject, camera\), got \('S1', 'C1'\)"),
        ('a.json', '{}', 'a.json: expected cameras by subject and camera'),
        ('a.pkl', pickle.dumps([1]), 'a.pkl: expected cameras .* got list'),
        ('a.pkl', pickle.dumps({'S1': CAMERA}), r"\(subject, camera\), got 'S1'"),
        ('a.pkl', pickle.dumps(Malicious()), 'a.pkl: .* nothing of it was run'),
    ],
)
def test_errors(tmp_path, name, content, message):
    data = content.encode() if isinstance(content, str) else content
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ValueError, match=message):
        read_cameras(tmp_path / name)
