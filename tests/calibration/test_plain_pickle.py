import io
import os
import pickle
import re
import subprocess
import sys

import numpy as np
import pytest

from ppt_mmpose.calibration.plain_pickle import load_plain_pickle, read_plain_pickle

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


class Called:
    """Pickled as a call, with a state that the result is to take."""

    def __init__(self, *reduced):
        self.reduced = reduced

    def __reduce__(self):
        return self.reduced


@pytest.mark.parametrize(
    ('code', 'state', 'message'),
    [
        ('O', (3, '|', None, None, None, 8, 8, 0), "an array of the type 'O'"),
        ('V8', (3, '|', None, None, None, 8, 1, 0), "an array of the type 'V8'"),
        ('f8', (3, '<', None, ('a',), {'a': 0}, 8, 1, 0), 'of a type with parts'),
    ],
)
def test_types_that_hold_pointers(tmp_path, code, state, message):
    kind = Called(np.dtype, (code, False, True), state)
    buffer = np.zeros(1).__reduce_ex__(5)[0]
    path = tmp_path / 'pointers.pkl'
    path.write_bytes(pickle.dumps(Called(buffer, (b'1' * 72, kind, (9,), 'C')), 4))
    # It would crash the process that it gets through in.
    code = (
        'import sys; from pathlib import Path\n'
        'from ppt_mmpose.calibration.plain_pickle import load_plain_pickle\n'
        'try:\n'
        '    load_plain_pickle(Path(sys.argv[1]))\n'
        'except ValueError as error:\n'
        '    print(error)\n'
    )
    result = subprocess.run(
        [sys.executable, '-c', code, str(path)], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    assert message in result.stdout


def test_arrays_of_all_plain_types(tmp_path):
    path = tmp_path / 'plain.pkl'
    arrays = [
        np.array([True, False]),
        np.arange(3, dtype='>i4'),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.array(['a', 'bcd']),
        np.array([b'xy']),
        np.array([1j]),
        np.zeros((0, 3), np.float32),
    ]
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        path.write_bytes(pickle.dumps(arrays, protocol))
        for read, array in zip(load_plain_pickle(path), arrays):
            np.testing.assert_array_equal(read, array)
            assert read.dtype.str[1:] == array.dtype.str[1:]


def objects(*values):
    array = np.empty(len(values), object)
    for place, value in enumerate(values):
        array[place] = value
    return array


@pytest.mark.parametrize('protocol', range(pickle.HIGHEST_PROTOCOL + 1))
def test_arrays_of_objects_where_they_are_asked_for(tmp_path, protocol):
    path = tmp_path / 'objects.pkl'
    given = dict(a=objects(np.arange(3.0), 'text', [1, objects(2, None)]))
    path.write_bytes(pickle.dumps(np.array(given, object), protocol))
    with pytest.raises(ValueError, match=r"objects.pkl: .* an array of the type 'O8'"):
        load_plain_pickle(path)
    with path.open('rb') as file:
        read = read_plain_pickle(file, path, objects=True).item()['a']
    np.testing.assert_array_equal(read[0], np.arange(3.0))
    assert read[1] == 'text'
    assert read[2][1].tolist() == [2, None]


@pytest.mark.parametrize(
    'evil', [objects(Malicious('exit 1')), [1, Malicious('exit 1')]]
)
def test_nothing_of_objects_is_run(tmp_path, evil):
    file = io.BytesIO(pickle.dumps(evil))
    with pytest.raises(ValueError, match='file: .* nothing of it was run'):
        read_plain_pickle(file, 'file', objects=True)


@pytest.mark.parametrize('count', [0, 2, 4])
def test_another_number_of_objects_than_the_array_has(count):
    # numpy itself would read beyond the list.
    kind = Called(np.dtype, ('O8', False, True), (3, '|', None, None, None, -1, -1, 63))
    reconstruct, arguments, _ = np.zeros(3, object).__reduce__()
    array = Called(reconstruct, arguments, (1, (3,), kind, False, [None] * count))
    with pytest.raises(ValueError, match='with another number of objects'):
        read_plain_pickle(io.BytesIO(pickle.dumps(array, 4)), 'file', objects=True)
