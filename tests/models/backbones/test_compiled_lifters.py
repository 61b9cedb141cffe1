"""Lifters that prune are one graph for ``torch.compile``."""

import pytest
import torch
from mmengine.utils import digit_version
from mmpose.registry import MODELS

pytestmark = pytest.mark.skipif(
    digit_version(torch.__version__) < digit_version('2.4')
    or not torch._dynamo.is_dynamo_supported(),
    reason='dynamo does not run here, or is that of a torch before 2.4',
)

SMALL = dict(feat_size=8, num_heads=2, num_keypoints=4, seq_len=9, depth=2)
HOT = dict(prune_blocks=(1,), kept_frames=(4,))
TPC = dict(HOT, recovery=None)


@pytest.fixture(autouse=True)
def nothing_compiled_before():
    torch._dynamo.reset()
    yield
    torch._dynamo.reset()


@pytest.mark.parametrize('hourglass', [HOT, TPC], ids=['hot', 'tpc'])
@pytest.mark.parametrize(
    ('kind', 'more', 'channels'),
    [
        ('MixSTE', {}, 2),
        ('MotionBERT', {}, 3),
        ('MHFormer', dict(track_heads=3, hidden_channels=16), 2),
    ],
)
def test_one_graph(kind, more, channels, hourglass):
    torch.manual_seed(0)
    model = MODELS.build(dict(type=kind, hourglass=hourglass, **SMALL, **more)).eval()
    for weight in model.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    given = torch.randn(2, 9, 4, channels)
    # A break is an error.
    compiled = torch.compile(model, fullgraph=True, backend='eager')
    with torch.no_grad():
        assert torch.allclose(compiled(given), model(given), atol=1e-6)
