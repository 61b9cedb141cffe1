import copy
from shutil import which

import pytest
import torch
from mmengine.config import Config
from mmengine.utils import digit_version
from mmpose.registry import MODELS
from seeded_weights import fill
from small_model import SIZE, sample, small_model
from textbook import textbook_of
from torch import nn
from torch._dynamo.utils import counters

from ppt_mmpose.analysis.latency import thread_count
from ppt_mmpose.apis import find_config
from ppt_mmpose.deploy import in_precision, optimize_for_inference
from ppt_mmpose.deploy.bottleneck import InPlaceBottleneck
from ppt_mmpose.deploy.compiled import Compiled

OLD = digit_version(torch.__version__) < digit_version('2.4')
HALF = pytest.param(
    torch.float16,
    marks=pytest.mark.skipif(
        OLD, reason='torch 2.1 has no float16 convolution on a CPU; untried up to 2.4'
    ),
)


def images(batch=2):
    return torch.randn(batch, 3, *SIZE, generator=torch.Generator().manual_seed(1))


def heatmaps(model, inputs):
    with torch.inference_mode():
        return model(inputs, None, mode='tensor')


def difference(found, expected):
    return ((found - expected).abs().max() / expected.abs().max()).item()


def filled(**neck):
    model = small_model(**neck)
    fill(model)
    return model


@pytest.mark.parametrize('keep_ratio', [1.0, 0.5])
def test_float32_heatmaps_stay_what_they_were(keep_ratio):
    model = filled(keep_ratio=keep_ratio)
    fast = optimize_for_inference(model)
    assert not any(isinstance(m, nn.BatchNorm2d) for m in fast.backbone.modules())
    assert any(isinstance(m, InPlaceBottleneck) for m in fast.backbone.modules())
    assert difference(heatmaps(fast, images()), heatmaps(model, images())) < 1e-5


def kept(model, inputs):
    with torch.inference_mode():
        out = model.neck.encode(model.backbone(inputs)[-1])
    return [pruning.source.sort(dim=1).values for pruning in out.prunings]


def test_the_same_tokens_stay():
    model = filled(keep_ratio=0.5)
    found, expected = (
        kept(each, images(12)) for each in (optimize_for_inference(model), model)
    )
    assert len(expected) == 2
    assert all(torch.equal(*pair) for pair in zip(found, expected))


def test_a_model_that_is_training_is_evaluated():
    model = filled(keep_ratio=0.5).train()
    fast = optimize_for_inference(model)
    assert not any(module.training for module in fast.modules())
    assert difference(heatmaps(fast, images()), heatmaps(model.eval(), images())) < 1e-5


def test_by_default_four_images_of_a_thread_are_a_chunk():
    with thread_count(3):
        fast = optimize_for_inference(filled())
    assert fast.extract_feat.size == fast.head.forward.size == 12


def test_a_copy_is_on_its_own_and_a_second_time_is_refused():
    model = filled(keep_ratio=0.5)
    fast = optimize_for_inference(model, chunk_size=1)
    other = copy.deepcopy(fast)
    other.set_keep_ratio(1)
    assert difference(heatmaps(fast, images()), heatmaps(model, images())) < 1e-5
    model.set_keep_ratio(1)
    assert difference(heatmaps(other, images()), heatmaps(model, images())) < 1e-5
    with pytest.raises(ValueError, match='has made ready already'):
        optimize_for_inference(fast)


def test_a_copy_of_what_is_compiled_is_compiled_for_itself():
    class Model:
        weight = 1.0

        def forward(self, x):
            return x * self.weight

    first = Model()
    first.fast = Compiled(first.forward, on_cpu=True)
    second = copy.deepcopy(first)
    assert second.fast.source.__self__ is second


@pytest.mark.parametrize(
    'name', ['ppt_s_coco', 'tokenpose_b_coco', 'tokenpose_l_d6_ppt_coco']
)
def test_published_models_stay_what_they_were(name):
    cfg = Config.fromfile(find_config(name))
    model = MODELS.build(cfg.model).eval()
    fill(model)
    width, height = cfg.codec.input_size
    inputs = torch.randn(1, 3, height, width)
    fast = optimize_for_inference(model)
    assert difference(heatmaps(fast, inputs), heatmaps(model, inputs)) < 1e-5


def test_the_model_that_was_given_stays_as_it_was():
    model = filled().train()
    before = {key: value.clone() for key, value in model.state_dict().items()}
    optimize_for_inference(model, torch.bfloat16)
    assert model.training
    assert all(p.requires_grad for p in model.parameters())
    assert all(torch.equal(v, before[k]) for k, v in model.state_dict().items())


def test_it_predicts_as_an_estimator_of_mmpose():
    model = filled()
    inputs = images(1)
    with torch.no_grad():
        found, expected = (
            each(inputs, [sample()], mode='predict')[0].pred_instances.keypoints
            for each in (optimize_for_inference(model), model)
        )
    assert abs(found - expected).max() < 0.01


@pytest.mark.parametrize('dtype', [torch.bfloat16, HALF])
def test_low_precision_gives_float32_heatmaps_nearby(dtype):
    model = filled(keep_ratio=1.0)
    fast = optimize_for_inference(model, dtype)
    assert {p.dtype for p in fast.parameters()} == {dtype}
    found = heatmaps(fast, images())
    assert found.dtype == torch.float32
    assert 0 < difference(found, heatmaps(model, images())) < 0.1


def test_the_keep_ratio_can_be_changed_afterwards():
    fast, model = (
        optimize_for_inference(filled(keep_ratio=0.5)),
        filled(keep_ratio=0.75),
    )
    fast.neck.set_keep_ratio(0.75)
    assert difference(heatmaps(fast, images()), heatmaps(model, images())) < 1e-5


@pytest.mark.parametrize('keep_ratio', [1.0, 0.5])
def test_the_textbook_agrees(keep_ratio):
    model = filled(keep_ratio=keep_ratio)
    textbook = textbook_of(model)
    assert difference(heatmaps(textbook, images()), heatmaps(model, images())) < 1e-5


def test_the_textbooks_gradients_agree():
    model = filled(keep_ratio=0.5)
    textbook = textbook_of(model)
    for each in (model, textbook):
        each(images(), None, mode='tensor').square().sum().backward()
    for name, weight in model.neck.named_parameters():
        other = textbook.neck.neck.get_parameter(name)
        assert difference(other.grad, weight.grad) < 1e-4, name


@pytest.mark.skipif(not which('g++'), reason='torch.compile takes a C++ compiler')
@pytest.mark.skipif(
    OLD,
    reason='what torch compiles of MMPose before 2.4 is not ours to test',
)
def test_a_compiled_model_gives_the_same_heatmaps():
    model = filled(keep_ratio=0.5)
    fast = optimize_for_inference(model, compile=True, chunk_size=2)
    counters.clear()
    # A whole chunk, and one with a remainder.
    for batch in (2, 3):
        inputs = images(batch)
        assert difference(heatmaps(fast, inputs), heatmaps(model, inputs)) < 1e-5
    # Weights were constants: only these are laid out anew, and by oneDNN alone.
    if torch.backends.mkldnn.is_available():
        assert counters['inductor']['mkldnn_conv_weight_pack_matcher_count'] > 0


@pytest.mark.parametrize('chunk_size', [1, 2, 7])
def test_chunks_change_nothing(chunk_size):
    model = filled(keep_ratio=0.5)
    fast = optimize_for_inference(model, chunk_size=chunk_size)
    found = heatmaps(fast, images(5))
    assert found.shape[0] == 5
    assert difference(found, heatmaps(model, images(5))) < 1e-5
    with pytest.raises(ValueError, match='chunk_size: expected 1 or more, got 0'):
        optimize_for_inference(model, chunk_size=0)


@pytest.mark.parametrize('dtype', [torch.float32, torch.bfloat16, HALF])
def test_large_activations_give_numbers(dtype):
    model = filled(keep_ratio=0.5)
    with torch.no_grad():
        for block in model.neck.encoder.blocks:
            block.attention.qkv.weight *= 1000
    fast = optimize_for_inference(model, dtype)
    inputs = 500 * images()
    features = fast.backbone(inputs)[-1]
    assert features.abs().max() > 1000
    # Dot products are beyond float16.
    query, key, _ = fast.neck.encoder.blocks[1].attention.project(
        fast.neck.encoder.blocks[1].norm1(fast.neck.patch_embedding(features))
    )
    assert (query.float() @ key.float().transpose(-2, -1)).abs().max() > 65504
    assert torch.isfinite(heatmaps(fast, inputs)).all()


@pytest.mark.parametrize('prepare', [in_precision, optimize_for_inference])
def test_what_cannot_be_made_ready_is_refused(prepare):
    with pytest.raises(ValueError, match='model: expected a TopdownPoseEstimator'):
        prepare(nn.Linear(2, 2))
    with pytest.raises(ValueError, match='dtype: expected one of'):
        prepare(filled(), torch.int8)
