"""Adam's numbers, with and without a fused kernel."""

import pytest
import torch
from mmengine.optim import build_optim_wrapper
from mmengine.utils import digit_version

from ppt_mmpose.engine import optimizers
from ppt_mmpose.engine.optimizers import FusedAdam

# torch has a fused Adam for CPUs from here on.
FUSES = digit_version(torch.__version__) >= digit_version('2.4')


@pytest.fixture(params=[True, False], ids=['fused', 'not fused'])
def fuses(request, monkeypatch):
    if request.param and not FUSES:
        pytest.skip(f'torch {torch.__version__} has no fused Adam on a CPU')
    if not request.param:
        plain = torch.optim.Adam.__init__

        def refuse(self, params, *, fused=None, **options):
            # As late as torch does it.
            plain(self, params, fused=fused and FUSES, **options)
            if fused:
                raise RuntimeError('`fused=True` requires all the params to be ...')

        monkeypatch.setattr(torch.optim.Adam, '__init__', refuse)
    return request.param


def trained(optimizer_of, steps=5, state=None):
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(5, 7), torch.nn.Linear(7, 1))
    optimizer = optimizer_of(model.parameters(), lr=1e-2, betas=(0.8, 0.9))
    if state is not None:
        optimizer.load_state_dict(state)
    for _ in range(steps):
        optimizer.zero_grad()
        model(torch.randn(4, 5)).square().sum().backward()
        optimizer.step()
    return optimizer, torch.cat([p.detach().flatten() for p in model.parameters()])


def test_equals_adam(fuses):
    optimizer, ours = trained(FusedAdam)
    assert bool(optimizer.param_groups[0]['fused']) is fuses
    _, theirs = trained(torch.optim.Adam)
    assert torch.allclose(ours, theirs, atol=1e-6)


@pytest.mark.parametrize('saved_by', [FusedAdam, torch.optim.Adam])
def test_states_of_either_kind_load(fuses, saved_by):
    state = trained(saved_by)[0].state_dict()
    # As saved where the other kind was chosen.
    state['param_groups'][0]['fused'] = not fuses
    optimizer, ours = trained(FusedAdam, state=state)
    assert bool(optimizer.param_groups[0]['fused']) is fuses
    assert state['param_groups'][0]['fused'] is not fuses
    _, theirs = trained(
        torch.optim.Adam, state=trained(torch.optim.Adam)[0].state_dict()
    )
    assert torch.allclose(ours, theirs, atol=1e-6)


def test_configs_name_it(fuses):
    model = torch.nn.Linear(2, 2)
    cfg = dict(
        optimizer=dict(type='FusedAdam', lr=1e-3),
        paramwise_cfg=dict(norm_decay_mult=0.0, bias_lr_mult=2.0),
    )
    cfg['optimizer']['weight_decay'] = 0.1
    optimizer = build_optim_wrapper(model, cfg).optimizer
    assert type(optimizer) is optimizers.FusedAdam
    assert [group['lr'] for group in optimizer.param_groups] == [1e-3, 2e-3]
    assert {bool(group['fused']) for group in optimizer.param_groups} == {fuses}
    # What MMEngine's scaler of losses asks for.
    assert getattr(optimizer, '_step_supports_amp_scaling', False) is fuses


@pytest.mark.parametrize('name', ['fused', 'foreach', 'differentiable'])
def test_what_it_chooses_itself(name):
    with pytest.raises(ValueError, match=f'{name}: expected it not to be set'):
        FusedAdam([torch.nn.Parameter(torch.ones(1))], **{name: True})


@pytest.mark.skipif(not FUSES, reason='trainings are compiled from there on, too')
@pytest.mark.parametrize('kind', [FusedAdam, torch.optim.Adam])
def test_a_compiled_training_leaves_it_alone(kind):
    optimizer, before = trained(kind)
    graphs = []

    def backend(graph, inputs):
        graphs.append(graph)
        return graph.forward

    parameters = [p for group in optimizer.param_groups for p in group['params']]
    torch._dynamo.reset()
    torch.compile(lambda: optimizer.step(), backend=backend)()
    after = torch.cat([p.detach().flatten() for p in parameters])
    assert not torch.equal(before, after)
    assert bool(graphs) is (kind is torch.optim.Adam)
