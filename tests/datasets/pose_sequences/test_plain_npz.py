import os

import numpy as np
import pytest

from ppt_mmpose.datasets.pose_sequences.plain_npz import load_plain_npz


def test_objects_and_plain_arrays(tmp_path):
    path = tmp_path / 'some.npz'
    numbers = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    many = np.array([dict(a=1), 'b'], object)
    nested = dict(S1={'Jog 1': [np.ones((2, 3, 2), np.float32)] * 2})
    np.savez(path, numbers=numbers, nested=nested, many=many, text=np.array(['a']))
    read = load_plain_npz(path)
    np.testing.assert_array_equal(read['numbers'], numbers)
    np.testing.assert_array_equal(read['nested']['S1']['Jog 1'][1], np.ones((2, 3, 2)))
    assert list(read['many']) == [dict(a=1), 'b']
    assert read['text'].tolist() == ['a']


class Malicious:
    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return os.system, (f'touch {self.trace}',)


def test_nothing_is_run(tmp_path):
    path, trace = tmp_path / 'evil.npz', tmp_path / 'trace'
    np.savez(path, poses=np.array(dict(a=Malicious(trace)), object))
    with pytest.raises(ValueError, match=r'evil.npz: poses.npy: .* (posix|nt).system'):
        load_plain_npz(path)
    assert not trace.exists()
    np.load(path, allow_pickle=True)['poses']
    assert trace.exists()


def test_no_npz(tmp_path):
    with pytest.raises(FileNotFoundError, match='none.npz: no such file'):
        load_plain_npz(tmp_path / 'none.npz')
    (tmp_path / 'some.npz').write_bytes(b'garbage')
    with pytest.raises(ValueError, match='some.npz: expected an .npz, got'):
        load_plain_npz(tmp_path / 'some.npz')
