import os
import pickle
import re

import numpy as np
import pytest

from ppt_mmpose.calibration.plain_pickle import load_plain_pickle

VALUES = {
    ('S1', '5'): dict(
        R=np.arange(9.0).reshape(3, 3), w=1000, f=np.float64(1145.5), name='camera1'
    ),
    'list': [1, 2.5, True, None, b'bytes', ('a',)],
}


@pytest.mark.parametrize('protocol', range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize('core', [b'numpy.core', b'numpy._core'])
def test_plain_values(tmp_path, protocol, core):
    path = tmp_path / 'plain.pkl'
    data = pickle.dumps(VALUES, protocol)
    if protocol < 4:
        # Later protocols store the length of a name before it.
        data = re.sub(rb'numpy\._?core', core, data)
    path.write_bytes(data)
    read = load_plain_pickle(path)
    first = read['S1', '5']
    np.testing.assert_array_equal(first['R'], np.arange(9.0).reshape(3, 3))
    assert (first['w'], first['f'], first['name']) == (1000, 1145.5, 'camera1')
    assert read['list'] == VALUES['list']


class Malicious:
    def __init__(self, command):
        self.command = command

    def __reduce__(self):
        return os.system, (self.command,)


@pytest.mark.parametrize('protocol', [0, 2, 4])
def test_nothing_is_run(tmp_path, protocol):
    path, trace = tmp_path / 'evil.pkl', tmp_path / 'trace'
    path.write_bytes(pickle.dumps([1, Malicious(f'touch {trace}')], protocol))
    with pytest.raises(ValueError, match=r'evil.pkl: .* asks for (posix|nt).system'):
        load_plain_pickle(path)
    assert not trace.exists()
    pickle.loads(path.read_bytes())
    assert trace.exists()


@pytest.mark.parametrize('name', [b'builtins\neval', b'numpy\nload', b'os\nsystem'])
def test_what_is_asked_for_is_named(tmp_path, name):
    path = tmp_path / 'evil.pkl'
    path.write_bytes(b'c' + name + b'\n.')
    asked = name.decode().replace('\n', '.')
    with pytest.raises(ValueError, match=f'asks for {asked}; nothing'):
        load_plain_pickle(path)


@pytest.mark.parametrize('data', [b'', b'garbage', b'\x80\x04.', b'(lp0\n'])
def test_what_is_no_pickle(tmp_path, data):
    path = tmp_path / 'broken.pkl'
    path.write_bytes(data)
    with pytest.raises(ValueError, match='broken.pkl: expected a pickle'):
        load_plain_pickle(path)


def test_other_codecs_are_not_called(tmp_path):
    path = tmp_path / 'codec.pkl'
    path.write_bytes(b'c_codecs\nencode\n(Vtext\nVzip\ntR.')
    with pytest.raises(ValueError, match="Error: bytes in the encoding 'zip'"):
        load_plain_pickle(path)
