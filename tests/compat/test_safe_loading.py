import pickle

import numpy as np
import pytest
import torch
from mmengine.logging import HistoryBuffer
from mmengine.utils import digit_version

from ppt_mmpose.compat import safe_loading

safe = pytest.mark.skipif(
    digit_version(torch.__version__) < digit_version('2.6'),
    reason='torch loads unsafely by default before 2.6',
)


@safe
def test_what_training_checkpoints_hold_loads(tmp_path):
    buffer = HistoryBuffer([1.0, 2.0], [1, 1])
    content = dict(
        log=buffer,
        ap=np.float64(0.5),
        n=np.int64(3),
        a=np.ones(2),
        colour=np.zeros((1, 3), np.uint8),
        no_skeleton=np.zeros((0, 3), np.uint8),
    )
    torch.save(content, tmp_path / 'a.pth')
    loaded = torch.load(tmp_path / 'a.pth')
    assert loaded['log'].mean() == 1.5
    assert loaded['ap'] == 0.5
    assert loaded['no_skeleton'].shape == (0, 3)


class Getattr:
    """A pickle that asks for an attribute of something else."""

    def __init__(self, owner, name):
        self.call = (owner, name)

    def __reduce__(self):
        return getattr, self.call


class Print:
    def __reduce__(self):
        return print, ('ran',)


@safe
@pytest.mark.parametrize(
    'content',
    [Print(), Getattr(torch.Tensor, 'numpy'), Getattr(HistoryBuffer, '__init__')],
)
def test_everything_else_stays_refused(tmp_path, content, capsys):
    torch.save(content, tmp_path / 'a.pth')
    with pytest.raises(pickle.UnpicklingError):
        torch.load(tmp_path / 'a.pth')
    assert 'ran' not in capsys.readouterr().out


def test_applying_twice_is_harmless():
    safe_loading.apply()
    safe_loading.apply()
