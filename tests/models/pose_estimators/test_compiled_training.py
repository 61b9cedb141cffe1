"""Steps of a training that MMEngine compiles, with ``compile=dict(dynamic=False)``."""

import pytest
import torch
from mmengine.utils import digit_version
from mmpose.registry import OPTIM_WRAPPERS
from small_model import batch, small_model

from ppt_mmpose.engine.optimizers import FusedAdam

pytestmark = pytest.mark.skipif(
    digit_version(torch.__version__) < digit_version('2.4'),
    reason="torch 2.1 was seen not to compile MMEngine's data preprocessor",
)


@pytest.fixture
def graphs():
    """How many blocks are in each graph that was compiled, as the training goes on."""
    torch._dynamo.reset()
    yield []
    torch._dynamo.reset()


def training_of(graphs=None, wrapper='OptimWrapper', **neck):
    torch.manual_seed(0)
    model = small_model(**neck).train()
    optimizer = FusedAdam(model.parameters(), lr=1e-4)
    wrapper = OPTIM_WRAPPERS.build(dict(type=wrapper, optimizer=optimizer))

    def backend(graph, inputs):
        graphs.append(blocks_in(graph))
        return graph.forward

    if graphs is not None:
        # What MMEngine's runner does with such a config.
        model.train_step = torch.compile(
            model.train_step, backend=backend, dynamic=False
        )
    return model, wrapper


def blocks_in(graph):
    parts = [part for part in graph.modules() if isinstance(part, torch.fx.GraphModule)]
    names = [str(node.target) for part in parts for node in part.graph.nodes]
    return sum('scaled_dot_product_attention' in name for name in names)


def steps(model, wrapper, ratios):
    losses = []
    for step, ratio in enumerate(ratios):
        torch.manual_seed(step)
        data = batch(2)
        for number, sample in enumerate(data['data_samples']):
            sample.set_metainfo(dict(img_path=f'{step}_{number}.jpg'))
        model.neck.set_keep_ratio(ratio)
        losses.append(model.train_step(data, wrapper)['loss'].item())
    return losses


def test_one_graph_for_each_ratio(graphs):
    ratios = [1.0] * 6 + [0.75] * 5 + [0.5] * 4 + [1.0]
    losses = steps(*training_of(graphs), ratios)
    # All blocks in one graph; nothing is compiled anew because of a step, the name of
    # a file, or a ratio that was there before.
    assert [count for count in graphs if count] == [4, 4, 4]
    assert losses == pytest.approx(steps(*training_of(), ratios), rel=1e-5)


def test_with_all_other_options(graphs):
    options = dict(wrapper='BFloat16OptimWrapper', with_cp=True)
    losses = steps(*training_of(graphs, **options), [0.5] * 2)
    assert [count for count in graphs if count] == [4]
    assert losses == pytest.approx(steps(*training_of(**options), [0.5] * 2), rel=1e-3)
