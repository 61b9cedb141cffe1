import zipfile

import numpy as np
import pytest
from made_motion import RECORDING, instant

from ppt_mmpose.motion_files import NpzWriter, npz, read_npz


@pytest.fixture
def path(tmp_path):
    path = tmp_path / 'walk.npz'
    with NpzWriter(path, RECORDING) as writer:
        for index in range(3):
            writer.write(instant(index))
    return path


def test_numpy_reads_every_array_as_the_page_tells_it(path):
    expected = dict(
        camera_names=((2,), '<U10'),
        keypoint_names=((3,), '<U8'),
        links=((2, 2), '<i8'),
        rate=((), '<f8'),
        index=((3,), '<i8'),
        names=((3,), '<U6'),
        keypoints_3d=((3, 3, 3), '<f8'),
        found=((3, 3), '|b1'),
        keypoints_2d=((3, 2, 3, 2), '<f4'),
        scores=((3, 2, 3), '<f4'),
        errors=((3, 2, 3), '<f4'),
        used=((3, 2, 3), '|b1'),
        boxes=((3, 2, 4), '<f4'),
        seen=((3, 2), '|b1'),
    )
    with np.load(path) as file:
        assert {n: (file[n].shape, file[n].dtype.str) for n in file} == expected
        assert file['names'].tolist() == ['000000', '000001', '000002']
        assert (file['keypoints_3d'][2] == instant(2).keypoints_3d).all()


def test_names_of_all_lengths(tmp_path, monkeypatch):
    monkeypatch.setattr(npz, '_NAMES_AT_ONCE', 2)
    names = ['', 'a\nb', 'fünf', 'a much longer name', 'x']
    with NpzWriter(tmp_path / 'a.npz', RECORDING) as writer:
        for index, name in enumerate(names):
            one = instant(index)
            object.__setattr__(one, 'name', name)
            writer.write(one)
    assert [one.name for one in read_npz(tmp_path / 'a.npz')[1]] == names


def test_the_file_appears_in_one_step_and_nothing_is_left(path):
    old = path.read_bytes()
    with NpzWriter(path, RECORDING) as writer:
        writer.write(instant(0))
        assert path.read_bytes() == old
    assert len(read_npz(path)[1]) == 1
    assert [p.name for p in path.parent.iterdir()] == ['walk.npz']


def test_an_array_that_is_missing_is_named(path):
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(path.parent / 'b.npz', 'w') as b:
        for name in old.namelist():
            if name != 'used.npy':
                b.writestr(name, old.read(name))
    with pytest.raises(ValueError, match=r'b.npz: expected a motion file.*used'):
        read_npz(path.parent / 'b.npz')


def test_nothing_of_an_instant_that_was_interrupted_is_in_the_file(tmp_path):
    writer = NpzWriter(tmp_path / 'a.npz', RECORDING)
    writer.write(instant(0))
    writer._arrays['found'].write(b'123')
    writer._names.write('"0000')
    writer.close()
    with zipfile.ZipFile(tmp_path / 'a.npz') as archive:
        # Headers of 128 bytes, then three bools, and six letters of four bytes.
        assert archive.getinfo('found.npy').file_size == 128 + 3
        assert archive.getinfo('names.npy').file_size == 128 + 6 * 4
