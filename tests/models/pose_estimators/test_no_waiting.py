"""A step of a training that never waits for the device.

Tensors of torch's meta device have shapes and no values, so whoever asks for a value
(``item``, ``cpu``, ``numpy``, an ``if`` on a tensor) gets an error. That stands for an
accelerator, where asking means to wait.
"""

import pytest
import torch
from mmengine.optim import OptimWrapper
from mmpose.models.heads import HeatmapHead
from small_model import batch, small_model
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten

from ppt_mmpose.models import AttentionGuide


class Uploads(TorchDispatchMode):
    """Counts the operations that bring values from the host to the device."""

    def __init__(self):
        super().__init__()
        self.found = []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        out = function(*args, **(kwargs or {}))
        given, made = (
            {
                x.device.type
                for x in tree_flatten(tree)[0]
                if isinstance(x, torch.Tensor)
            }
            for tree in ((args, kwargs), out)
        )
        if 'cpu' in given and 'meta' in made:
            self.found.append(str(function))
        return out


@pytest.fixture
def model():
    model = small_model()
    model.attention_guide = AttentionGuide((0,))
    return model.to('meta').train()


@pytest.fixture
def data(model):
    return model.data_preprocessor(batch(), True)


def test_loss_and_backward_ask_for_no_value_and_bring_none(model, data):
    with Uploads() as uploads:
        losses = model(**data, mode='loss')
        total, logged = model.parse_losses(losses)
        total.backward()
    assert set(logged) == {'loss', 'loss_kpt', 'acc_pose', 'loss_attention'}
    assert uploads.found == []
    assert all(p.grad is not None for p in model.parameters())


def test_a_whole_step_asks_for_no_value(model):
    optimizer = torch.optim.Adam(model.parameters())
    logged = model.train_step(batch(), OptimWrapper(optimizer))
    assert all(value.device.type == 'meta' for value in logged.values())


def test_mmposes_loss_does_ask(model, data):
    features = model.extract_feat(data['inputs'])
    with pytest.raises(NotImplementedError, match='meta tensor'):
        HeatmapHead.loss(model.head, features, data['data_samples'])


@pytest.mark.skipif(not torch.cuda.is_available(), reason='needs a CUDA device')
def test_on_an_accelerator():
    model = small_model().cuda().train()
    data = model.data_preprocessor(batch(), True)
    torch.cuda.set_sync_debug_mode('error')
    try:
        total, _ = model.parse_losses(model(**data, mode='loss'))
        total.backward()
    finally:
        torch.cuda.set_sync_debug_mode('default')
    assert total.isfinite()
