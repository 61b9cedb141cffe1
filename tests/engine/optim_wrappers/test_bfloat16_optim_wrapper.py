"""Low precision on a CPU learns what float32 learns."""

import pytest
import torch
from mmengine.optim import OptimWrapper
from mmpose.registry import OPTIM_WRAPPERS
from small_model import batch, small_model

STEPS = 12


def curve(wrapper, **options):
    """Losses of a short training, and the dtypes that its layers computed in."""
    torch.manual_seed(0)
    model, dtypes = small_model(), set()
    model.init_weights()
    model.train()
    layer = model.neck.encoder.blocks[1].mlp[0]
    layer.register_forward_hook(lambda *args: dtypes.add(args[2].dtype))
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    cfg = dict(type=wrapper, optimizer=optimizer, **options)
    torch.manual_seed(1)
    data = batch(4)
    wrapped = OPTIM_WRAPPERS.build(cfg)
    losses = [model.train_step(data, wrapped)['loss'].item() for _ in range(STEPS)]
    return losses, dtypes, model


def test_same_curve_as_in_float32():
    whole, whole_dtypes, _ = curve('OptimWrapper')
    low, low_dtypes, model = curve('BFloat16OptimWrapper')
    assert (whole_dtypes, low_dtypes) == ({torch.float32}, {torch.bfloat16})
    assert whole[-1] < 0.9 * whole[0]
    assert low == pytest.approx(whole, rel=0.02)
    assert low != whole
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}


def test_scores_of_tokens_are_in_float32():
    model = small_model().train()
    wrapper = OPTIM_WRAPPERS.build(
        dict(
            type='BFloat16OptimWrapper', optimizer=torch.optim.Adam(model.parameters())
        )
    )
    with wrapper.optim_context(model):
        features = model.backbone(torch.randn(2, 3, 64, 48))[-1]
        out = model.neck.encode(features)
    assert features.dtype == torch.bfloat16
    assert [one.scores.dtype for one in out.prunings] == [torch.float32] * 2


def test_gathers_gradients_as_mmengines_does():
    wrapper = OPTIM_WRAPPERS.get('BFloat16OptimWrapper')
    assert issubclass(wrapper, OptimWrapper)
    _, _, model = curve('BFloat16OptimWrapper', accumulative_counts=STEPS + 1)
    torch.manual_seed(0)
    untrained = small_model()
    untrained.init_weights()
    assert torch.equal(model.neck.keypoint_tokens, untrained.neck.keypoint_tokens)
