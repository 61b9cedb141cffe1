import pytest
import torch
from mmpose.registry import MODELS
from small_model import GRID, batch, small_config, small_model
from small_views_model import images_of, samples_of, small_views_model

from ppt_mmpose.visualization import fuses_views, record_tokens


def hooks_of(model):
    return sum(
        len(module._forward_hooks) + len(module._forward_pre_hooks)
        for module in model.modules()
    )


def test_the_record_is_what_the_encoder_did():
    model = small_model()
    with record_tokens(model) as record:
        model.test_step(batch())
    one = record.unflipped
    with torch.no_grad():
        out = model.neck.encode(model.backbone(one.images)[-1])
    assert one.grid == GRID
    assert [p.block for p in one.prunings] == [1, 2]
    for seen, made in zip(one.prunings, out.prunings):
        assert torch.equal(seen.source, made.source)
    assert torch.equal(one.keypoint_tokens, model.neck.keypoint_tokens[0])
    assert [a.attention.shape for a in one.attention] == [
        (2, 3, 3 + n) for n in (16, 16, 8, 4)
    ]


def test_both_passes_of_a_flip_test_are_told_apart():
    model = small_model()
    data = model.data_preprocessor(batch())
    with record_tokens(model) as record:
        model.test_step(batch())
        model.test_step(batch())
    assert [one.flipped for one in record.passes] == [False, True] * 2
    assert torch.equal(record.unflipped.images, data['inputs'])
    assert torch.equal(record.passes[1].images, data['inputs'].flip(-1))
    assert [len(samples) for samples in record.samples] == [2, 2]


def test_results_and_gradients_are_those_without_recording():
    model = small_model()
    data = model.data_preprocessor(batch())
    gradients = []
    for _ in range(2):
        model.zero_grad()
        if gradients:
            with record_tokens(model) as record:
                loss = model.loss(data['inputs'], data['data_samples'])['loss_kpt']
        else:
            loss = model.loss(data['inputs'], data['data_samples'])['loss_kpt']
        loss.backward()
        gradients.append([p.grad.clone() for p in model.parameters()])
    assert all(torch.equal(*pair) for pair in zip(*gradients))
    one = record.unflipped
    kept = [a.attention for a in one.attention] + [p.scores for p in one.prunings]
    assert not any(tensor.requires_grad for tensor in [*kept, one.keypoint_tokens])


def test_nothing_is_left_on_the_model():
    model = small_model()
    before = hooks_of(model)
    with record_tokens(model) as record:
        assert hooks_of(model) > before
    assert hooks_of(model) == before
    with pytest.raises(RuntimeError, match='on the way'), record_tokens(model):
        raise RuntimeError('on the way')
    assert hooks_of(model) == before
    model.test_step(batch())
    assert record.passes == []
    with pytest.raises(ValueError, match='expected a run of the model, got none'):
        _ = record.unflipped


def test_attention_is_recorded_only_when_asked_for(monkeypatch):
    model = small_model()
    monkeypatch.setattr(type(model.neck.encoder.blocks[0]), 'keypoint_attention', None)
    with record_tokens(model, attention=False) as record:
        model.test_step(batch())
    assert record.unflipped.attention == ()
    assert len(record.unflipped.prunings) == 2


def test_a_limit_records_the_first_samples():
    model = small_model()
    with record_tokens(model, limit=1) as record:
        model.test_step(batch(3))
    one = record.unflipped
    assert len(one.images) == len(one.prunings[0].source) == 1
    assert len(one.attention[0].attention) == 1


@pytest.mark.parametrize('wrap', ['module', 'student', 'compiled'])
def test_reaches_through_wrappers(wrap):
    model = small_model()
    if wrap == 'compiled':
        wrapper = torch.compile(model, backend='eager')
    else:
        wrapper = torch.nn.Module()
        setattr(wrapper, wrap, model)
    with record_tokens(wrapper) as record:
        model.test_step(batch())
    assert len(record.passes) == 2


def test_a_model_without_tokens_is_named():
    backbone = dict(type='ResNet', depth=18)
    head = dict(type='HeatmapHead', in_channels=512, out_channels=3)
    model = MODELS.build(
        dict(type='TopdownPoseEstimator', backbone=backbone, head=head)
    )
    named = r'TopdownPoseEstimator \(ResNet, HeatmapHead\) has no tokens'
    with pytest.raises(ValueError, match=named), record_tokens(model):
        pass


def test_two_models_are_ambiguous():
    pair = torch.nn.ModuleDict(dict(student=small_model(), teacher=small_model()))
    with pytest.raises(ValueError, match='got 2; pass one'), record_tokens(pair):
        pass


GUIDE = dict(type='AttentionGuide', blocks=(1,))


def guided_model():
    return MODELS.build({**small_config(), 'attention_guide': GUIDE})


@pytest.mark.parametrize('views', [False, True])
def test_a_guide_gets_the_blocks_that_it_asked_for(views):
    model = small_views_model(attention_guide=GUIDE) if views else guided_model()
    model.train()
    images, samples = images_of(4), samples_of(2, 2)
    expected = model.loss(images, samples)
    with record_tokens(model) as record:
        losses = model.loss(images, samples)
    assert len(record.passes) == 1
    assert losses.keys() == expected.keys()
    for name, loss in losses.items():
        assert torch.equal(loss, expected[name])


def test_the_record_of_fused_views_is_what_the_neck_did():
    model, images, samples = small_views_model(), images_of(5), samples_of(2, 3)
    with record_tokens(model) as record:
        model.predict(images, samples)
    one = record.unflipped
    assert [run.flipped for run in record.passes] == [False, True]
    assert one.views.tolist() == [[0, 1, -1], [2, 3, 4]]
    assert torch.equal(one.images, images)
    assert torch.equal(one.keypoint_tokens, model.neck.keypoint_tokens[0])
    (pruning,) = one.prunings
    assert pruning.source.shape == (5, 8)
    # Three keypoints and eight patches of each of three views.
    assert [seen.block for seen in one.attention] == [2, 3]
    assert all(seen.attention.shape == (2, 9, 9 + 24) for seen in one.attention)
    alone = small_views_model(neck=dict(fuse=False))
    alone.load_state_dict(model.state_dict())
    with record_tokens(alone) as single:
        alone.predict(images, samples)
    assert single.unflipped.views is None
    assert torch.equal(single.unflipped.prunings[0].source, pruning.source)
    assert (fuses_views(model), fuses_views(alone)) == (True, False)
    assert not fuses_views(small_model())


def test_a_limit_of_fused_views_is_one_of_instants():
    model, images, samples = small_views_model(), images_of(6), samples_of(2, 3, 1)
    with record_tokens(model, limit=2) as record:
        model.predict(images, samples)
    one = record.unflipped
    assert one.views.tolist() == [[0, 1, -1], [2, 3, 4]]
    assert len(one.images) == len(one.prunings[0].source) == 5
    assert len(one.attention[0].attention) == len(one.attention[0].source) == 2


@pytest.mark.parametrize('views', [False, True])
def test_heatmaps_are_those_of_the_image_as_it_is(views):
    model = small_views_model() if views else small_model()
    images, samples = images_of(3), samples_of(2, 1)
    with torch.no_grad():
        expected = model.forward(images, samples, mode='tensor')
    with record_tokens(model, heatmaps=True, limit=1) as record:
        model.predict(images, samples)
    heatmaps = record.unflipped.heatmaps
    assert heatmaps.shape == (2 if views else 1, 3, 16, 12)
    assert torch.allclose(heatmaps, expected[: len(heatmaps)], atol=1e-6)
    with record_tokens(model) as record:
        model.predict(images, samples)
    assert record.unflipped.heatmaps is None


def test_nothing_is_left_on_a_model_of_several_views():
    model, images, samples = small_views_model(), images_of(2), samples_of(2)
    with record_tokens(model) as outer:
        with record_tokens(model, attention=False) as inner:
            model.predict(images, samples)
        model.predict(images, samples)
    assert hooks_of(model) == 0
    assert 'encode_views' not in vars(model.neck)
    assert [len(record.passes) for record in (outer, inner)] == [4, 2]
    assert inner.unflipped.attention == ()
