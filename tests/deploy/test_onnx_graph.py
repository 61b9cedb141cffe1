import numpy as np
import pytest
import torch
from small_export import SIZE, build, images, skip_without_exporter
from torch import nn

from ppt_mmpose.deploy.normalisation import Normalisation
from ppt_mmpose.deploy.onnx_graph import OPSETS, PoseGraph, as_file, build_onnx
from ppt_mmpose.deploy.onnx_session import open_session

OWN = Normalisation('RGB', (123.675, 116.28, 103.53), (58.395, 57.12, 57.375))


def graph(model, given=OWN):
    return PoseGraph(model, None, given=given, expected=OWN)


def heatmaps(model, inputs):
    with torch.inference_mode():
        return model(inputs, None, mode='tensor').numpy()


@pytest.mark.parametrize('opset', OPSETS)
def test_the_lowest_and_the_highest_opset(opset):
    skip_without_exporter()
    model = build()
    program = build_onnx(graph(model), SIZE, opset=opset)
    session = open_session(as_file(program, ['heatmaps'], {}), threads=1)
    (found,) = session.run(None, {'input': images(2).numpy()})
    expected = heatmaps(model, images(2))
    assert abs(found - expected).max() <= 1e-5 * abs(expected).max()
    assert program.model_proto.opset_import[0].version == opset


@pytest.mark.parametrize(
    ('keep_ratio', 'names'), [(0.7, ['kept_0', 'kept_1']), (1, [])]
)
def test_outputs_have_names(keep_ratio, names):
    model = build()
    model.neck.set_keep_ratio(keep_ratio)
    made = graph(model)
    assert made.output_names() == ['heatmaps', *names]
    with torch.inference_mode():
        outputs = dict(zip(made.output_names(), made(images(1)), strict=True))
    assert outputs['heatmaps'].shape == (1, 17, 32, 24)
    assert [outputs[name].dtype for name in names] == [torch.int64] * len(names)


def test_equal_scores_stay_in_their_order():
    skip_without_exporter()
    model = build()
    # All patches look the same: the first ones stay.
    for parameter in model.neck.patch_embedding.parameters():
        parameter.data.zero_()
    model.neck.position = None
    program = build_onnx(graph(model), SIZE, opset=20)
    session = open_session(as_file(program, ['kept_0', 'kept_1'], {}), threads=1)
    first, second = session.run(None, {'input': images(2).numpy()})
    assert (first == np.arange(45)).all()
    assert (second == np.arange(32)).all()


@pytest.mark.skipif(
    not hasattr(torch, 'export') or torch.__version__ < '2.6',
    reason='torch.export of this PyTorch does not follow a growing batch',
)
def test_torch_export_of_the_estimator_itself():
    model = build()
    batch = torch.export.Dim('batch')
    program = torch.export.export(
        model, (images(2), None), dynamic_shapes=({0: batch}, None), strict=False
    )
    for count in (1, 3):
        found = program.module()(images(count), None).detach().numpy()
        expected = heatmaps(model, images(count))
        assert abs(found - expected).max() <= 1e-5 * abs(expected).max()


def test_images_of_another_normalisation():
    model = build()
    pixels = np.random.default_rng(0).integers(0, 256, (2, 128, 96, 3))
    expected = heatmaps(model, torch.from_numpy(OWN.apply(pixels)))
    for given in (Normalisation.RTMLIB, Normalisation('BGR', (0, 0, 0), (1, 1, 1))):
        with torch.inference_mode():
            found = graph(model, given)(torch.from_numpy(given.apply(pixels)))[0]
        assert abs(found.numpy() - expected).max() < 1e-5 * abs(expected).max()
    # It matters.
    other = heatmaps(model, torch.from_numpy(Normalisation.RTMLIB.apply(pixels)))
    assert abs(other - expected).max() > 1e-3


def test_batch_norms_are_folded_in_a_copy():
    model = build()
    before = {key: value.clone() for key, value in model.state_dict().items()}
    made = graph(model)
    assert not any(isinstance(m, nn.BatchNorm2d) for m in made.modules())
    assert any(isinstance(m, nn.BatchNorm2d) for m in model.modules())
    assert all(torch.equal(v, before[k]) for k, v in model.state_dict().items())
