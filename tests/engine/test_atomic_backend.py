import os

import pytest
from mmengine.fileio import put

from ppt_mmpose.engine import AtomicLocalBackend


def test_writes_and_replaces(tmp_path):
    target = tmp_path / 'new' / 'a.bin'
    put(b'one', str(target), backend_args=dict(backend='atomic'))
    AtomicLocalBackend().put_text('two', target)
    assert target.read_text() == 'two'
    assert os.listdir(target.parent) == ['a.bin']


def test_a_write_that_dies_leaves_the_old_file(tmp_path, monkeypatch):
    target = tmp_path / 'a.bin'
    target.write_bytes(b'good')

    def die(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, 'fsync', die)
    with pytest.raises(KeyboardInterrupt):
        AtomicLocalBackend().put(b'half', target)
    assert target.read_bytes() == b'good'
    assert os.listdir(tmp_path) == ['a.bin']
