import tracemalloc

import numpy as np
import pytest
from made_motion import RECORDING, assert_equal, instant

from ppt_mmpose.motion_files import FORMATS, Recording, open_writer, read_motion

# Rotations of a tree are no keypoints one by one: BVH has its own tests.
ENDINGS = sorted(set(FORMATS) - {'.bvh'})
IN_3D_ONLY = ('keypoints_2d', 'scores', 'errors', 'used', 'boxes', 'seen')


def write(path, count):
    with open_writer(path, RECORDING) as writer:
        for index in range(count):
            writer.write(instant(index))
    return path


def assert_written(path, count):
    """That these instants were read, as far as the format tells them."""
    recording, found = read_motion(path)
    assert len(found) == count
    assert recording.rate == RECORDING.rate
    but = IN_3D_ONLY if path.suffix == '.trc' else ()
    for index, one in enumerate(found):
        assert_equal(instant(index), one, but=but)
    return recording


@pytest.mark.parametrize('ending', ENDINGS)
def test_what_was_written_is_read(ending, tmp_path):
    recording = assert_written(write(tmp_path / 'new' / 'er' / f'walk{ending}', 40), 40)
    if ending == '.trc':
        assert recording.keypoint_names == ('nose', 'left_eye', 'knie_ü')
        return
    assert recording.camera_names == RECORDING.camera_names
    assert recording.keypoint_names == RECORDING.keypoint_names
    assert recording.links == (() if ending == '.csv' else RECORDING.links)


@pytest.mark.parametrize('error', [KeyboardInterrupt, RuntimeError])
@pytest.mark.parametrize('ending', ENDINGS)
def test_an_error_leaves_what_was_written(ending, error, tmp_path):
    path = tmp_path / f'walk{ending}'
    with pytest.raises(error), open_writer(path, RECORDING) as writer:  # noqa: PT012
        for index in range(3):
            writer.write(instant(index))
        raise error
    assert_written(path, 3)


@pytest.mark.parametrize('ending', ENDINGS)
def test_an_instant_that_is_cut_short_is_cut_off(ending, tmp_path):
    class Half:
        """Fails as a disk that is full does: after a part."""

        def __init__(self, file):
            self.file = file

        def write(self, content):
            self.file.write(content[: len(content) // 2])
            raise OSError('disk full')

        def __getattr__(self, name):
            return getattr(self.file, name)

    path = tmp_path / f'walk{ending}'
    writer = open_writer(path, RECORDING)
    writer.write(instant(0))
    writer.write(instant(1))
    if ending == '.npz':
        last = writer._arrays['seen']
        writer._arrays['seen'] = Half(last)
    else:
        pieces = writer._world if ending == '.csv' else writer._file
        whole, pieces._file = pieces._file, Half(pieces._file)
    with pytest.raises(OSError, match='disk full'):
        writer.write(instant(2))
    if ending == '.npz':
        writer._arrays['seen'] = last
    else:
        pieces._file = whole
    writer.close()
    assert_written(path, 2)


@pytest.mark.parametrize('ending', ENDINGS)
def test_a_file_stays_until_the_first_instant_comes(ending, tmp_path):
    path = write(tmp_path / f'walk{ending}', 2)
    before = path.read_bytes()
    with pytest.raises(RuntimeError), open_writer(path, RECORDING):
        raise RuntimeError
    write(path, 0)
    assert path.read_bytes() == before
    write(path, 3)
    assert_written(path, 3)


@pytest.mark.parametrize('ending', ENDINGS)
def test_without_an_instant_there_is_no_file(ending, tmp_path):
    write(tmp_path / 'new' / f'walk{ending}', 0)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize('ending', ENDINGS)
def test_a_closed_writer_and_what_does_not_fit(ending, tmp_path):
    path = tmp_path / f'walk{ending}'
    other = Recording(('one',), RECORDING.keypoint_names)
    with open_writer(path, RECORDING) as writer:
        writer.write(instant(0))
        with pytest.raises(ValueError, match='000001: expected 2 views of 3 keypoints'):
            writer.write(instant(1, other))
        wrong = instant(1)
        wrong.keypoints_2d[1, 2, 0] = np.nan
        message = 'keypoints_2d of instant 000001: expected finite numbers, zero where'
        with pytest.raises(ValueError, match=message):
            writer.write(wrong)
        writer.write(instant(1))
    writer.close()
    with pytest.raises(ValueError, match=r'before close\(\), got 000002'):
        writer.write(instant(2))
    assert_written(path, 2)


def peak(path, count, many):
    one = instant(0, many)
    tracemalloc.start()
    with open_writer(path, many) as writer:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(count):
            writer.write(one)
    size = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    return size


@pytest.mark.parametrize('ending', ENDINGS)
def test_memory_does_not_grow_with_the_instants(ending, tmp_path):
    many = Recording(('a', 'b'), tuple(map(str, range(20))))
    path = tmp_path / f'long{ending}'
    peak(path, 2, many)
    # 1,800 instants more are 1.9 MB as arrays.
    short, long = peak(path, 200, many), peak(path, 2000, many)
    assert long < short + 50_000


@pytest.mark.parametrize('ending', sorted(FORMATS))
@pytest.mark.parametrize('content', [b'', b'PK\x03\x04 or what', b'{"meta": {}}', b'a'])
def test_what_is_no_motion_file_is_named(ending, content, tmp_path):
    path = tmp_path / f'walk{ending}'
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f'walk{ending}: (line 1: )?expected '):
        read_motion(path)


def test_another_ending_is_refused():
    message = (
        r'walk.txt: expected a name that ends with one of .npz, .csv, .json, .trc, .bvh'
    )
    with pytest.raises(ValueError, match=message):
        open_writer('walk.txt', RECORDING)
    with pytest.raises(ValueError, match=message):
        read_motion('walk.txt')
    assert open_writer('WALK.TRC', RECORDING, unit='mm').unit == 'mm'
