"""The whole distiller: its terms, what learns and what stays as it is."""

import copy

import pytest
import torch
from mmengine.optim import build_optim_wrapper
from mmpose.registry import MODELS
from small_distiller import (
    batch,
    distiller,
    student_config,
    teacher_config,
    teacher_model,
)
from small_views_model import images_of, samples_of, small_views_model

from ppt_mmpose.models.strict_loading import MisfitError

TERMS = ('loss_heatmap_kd', 'loss_attention_kd', 'loss_token_kd')
TOKENS = dict(token_loss=dict(type='TokenDistillation'))


def copied(model):
    return {key: value.clone() for key, value in model.state_dict().items()}


def attention_of(model, images):
    """Explicit softmax attention of the keypoints in each block, by hand."""
    encoder, found = model.neck.encoder, []
    sequence = model.neck.embed(model.backbone(images)[-1])
    counts = encoder.schedule.counts(sequence.num_visual)
    for index, block in enumerate(encoder.blocks):
        sequence = sequence.add_position() if index else sequence
        layer, tokens = block.attention, block.norm1(sequence.tokens)
        query, key, _ = layer.qkv(tokens).chunk(3, dim=-1)
        heads = [
            part.unflatten(-1, (layer.num_heads, -1)).transpose(1, 2)
            for part in (query, key)
        ]
        scores = (heads[0] @ heads[1].transpose(-2, -1) * layer.scale).softmax(-1)
        rows = scores.mean(1)[:, : sequence.num_keypoints, sequence.num_keypoints :]
        found.append((rows, sequence.source))
        if index in counts:
            sequence, _ = block.prune(sequence, counts[index])
        else:
            sequence = block(sequence)
    return found


def test_every_term_is_what_the_equations_say():
    teacher = teacher_model()
    model = distiller(teacher, **TOKENS)
    images, samples = batch()
    student = model.student
    # Batch norm would have other statistics in each pass.
    student.eval()
    losses = model.loss(images, samples)
    expected = student.loss(images, samples)['loss_kpt']
    assert losses['loss_kpt'].item() == pytest.approx(expected.item())

    ours, theirs = (m(images, None, mode='tensor') for m in (student, teacher))
    mean = ((ours - theirs) ** 2).mean()
    assert losses['loss_heatmap_kd'].item() == pytest.approx(mean.item())

    total = 0
    pairs = zip(attention_of(student, images), attention_of(teacher, images))
    for number, ((rows, source), (all_rows, _)) in enumerate(pairs):
        assert rows.shape[-1] == (16, 16, 8, 4)[number]
        squares = [
            (rows[b, j, k] - all_rows[b, j, source[b, k]]) ** 2
            for b in range(rows.shape[0])
            for j in range(rows.shape[1])
            for k in range(rows.shape[2])
        ]
        total += sum(squares) / len(squares)
    assert losses['loss_attention_kd'].item() == pytest.approx(total.item(), rel=1e-4)

    tokens = [m.neck(m.backbone(images))[0] for m in (student, teacher)]
    mean = ((tokens[0] - tokens[1]) ** 2).mean()
    assert losses['loss_token_kd'].item() == pytest.approx(mean.item())


def test_terms_have_weights():
    images, samples = batch()
    one = distiller().eval()
    types = 'HeatmapDistillation', 'AttentionDistillation'
    half = [dict(type=kind, loss_weight=0.5) for kind in types]
    other = distiller(heatmap_loss=half[0], attention_loss=half[1]).eval()
    whole, halved = (model.loss(images, samples) for model in (one, other))
    for name in TERMS[:2]:
        assert halved[name].item() == pytest.approx(whole[name].item() / 2), name


@pytest.mark.parametrize(
    ('options', 'names'),
    [
        ({}, TERMS[:2]),
        (TOKENS, TERMS),
        (dict(attention_loss=None), TERMS[:1]),
        (dict(heatmap_loss=None), TERMS[1:2]),
        (dict(heatmap_loss=None, attention_loss=None, **TOKENS), TERMS[2:]),
        (dict(heatmap_loss=None, attention_loss=None), ()),
    ],
)
def test_terms_can_be_left_out(options, names):
    losses = distiller(**options).loss(*batch())
    assert losses.keys() == {'loss_kpt', 'acc_pose', *names}


@pytest.mark.parametrize('term', TERMS)
def test_every_term_teaches_the_student(term):
    model = distiller(**TOKENS)
    model.loss(*batch())[term].backward()
    query = model.student.neck.encoder.blocks[0].attention.qkv.weight.grad
    assert query.abs().sum() > 0


def test_a_step_changes_the_student_alone():
    teacher = teacher_model()
    model = distiller(teacher, **TOKENS)
    # As the runner does it at the start of an epoch.
    model.train()
    before, of_teacher = copied(model), copied(teacher)
    config = dict(optimizer=dict(type='FusedAdam', lr=1e-2, weight_decay=0.1))
    wrapper = build_optim_wrapper(model, config)
    images, samples = batch()
    logs = model.train_step(dict(inputs=images, data_samples=samples), wrapper)
    expected = sum(logs[name] for name in ('loss_kpt', *TERMS))
    assert logs['loss'].item() == pytest.approx(expected.item())
    after = copied(model)
    changed = {key for key in after if (after[key] != before[key]).any()}
    assert {key.split('.')[1] for key in changed} == {'backbone', 'neck', 'head'}
    assert any('running_mean' in key for key in changed)
    for key, value in teacher.state_dict().items():
        assert torch.equal(value, of_teacher[key]), key
    assert not any(module.training for module in teacher.modules())
    for parameter in teacher.parameters():
        assert parameter.grad is None
        assert not parameter.requires_grad
    held = {id(p) for group in wrapper.optimizer.param_groups for p in group['params']}
    assert held == {id(parameter) for parameter in model.student.parameters()}


def test_both_run_once_in_a_step():
    teacher = teacher_model()
    model = distiller(teacher, **TOKENS)
    images, runs = [], []
    for one in (model.student, teacher):
        for part in (one.backbone, one.neck.encoder, one.head.projection):
            part.register_forward_pre_hook(lambda part, args: runs.append(part))
        one.backbone.register_forward_pre_hook(lambda _, args: images.append(args[0]))
    model.loss(*batch())
    assert len(runs) == len({id(part) for part in runs}) == 6
    assert images[0] is images[1]


def test_the_teacher_is_not_in_the_weights():
    model = distiller()
    names = [*model.state_dict(), *(name for name, _ in model.named_parameters())]
    assert all(name.startswith('student.') for name in names)
    assert len(list(model.parameters())) == len(list(model.student.parameters()))


def test_weights_that_do_not_fit_are_refused():
    model = distiller()
    with pytest.raises(
        MisfitError, match='130 in the model, not in the file: student'
    ) as error:
        model.load_state_dict(model.student.state_dict(), strict=False)
    for part in (
        "entries that begin with 'student.', the file 0",
        'The config is that of a distiller',
        'set model.student.partial_init=True',
    ):
        assert part in str(error.value)
    with pytest.raises(MisfitError, match=r'tools/export_student.py takes the student'):
        model.student.load_state_dict(model.state_dict(), strict=False)


def test_predictions_are_the_students():
    model = distiller().eval()
    images, samples = batch()
    with torch.no_grad():
        ours = model(images, copy.deepcopy(samples), mode='predict')
        plain = model.student(images, copy.deepcopy(samples), mode='predict')
        heatmaps = model(images, None, mode='tensor')
        assert torch.equal(heatmaps, model.student(images, None, mode='tensor'))
    for one, other in zip(ours, plain):
        assert (one.pred_instances.keypoints == other.pred_instances.keypoints).all()


def test_prediction_needs_no_teacher():
    config = dict(type='TokenDistiller', student=student_config())
    model = MODELS.build(
        config | dict(teacher=teacher_config(), teacher_checkpoint='none.pth')
    )
    assert model(batch()[0], None, mode='tensor').shape == (2, 3, 16, 12)


def test_the_keep_ratio_is_the_students():
    model = distiller()
    model.set_keep_ratio(0.25)
    assert model.keep_ratio == model.student.keep_ratio == 0.25


def test_teachers_and_students_by_name(tmp_path):
    names = ('tokenpose_s_synthetic', 'ppt_quickstart')
    teacher, student = (
        distiller(heatmap_loss=None, attention_loss=None, student=name).student
        for name in names
    )
    with torch.no_grad():
        # Not what a training begins with anyway.
        student.head.projection[1].weight.fill_(7)
    files = [str(tmp_path / f'{name}.pth') for name in names]
    for model, file in zip((teacher, student), files):
        torch.save(dict(state_dict=model.state_dict(), meta={}), file)
    model = distiller(
        names[0], names[1], teacher_checkpoint=files[0], student_checkpoint=files[1]
    )
    for key, value in student.state_dict().items():
        assert torch.equal(model.student.state_dict()[key], value), key
    for key, value in teacher.state_dict().items():
        assert torch.equal(model.teacher.model.state_dict()[key], value), key


def test_built_models_keep_their_weights():
    student = MODELS.build(student_config())
    with torch.no_grad():
        student.head.projection[1].weight.fill_(7)
    model = distiller(student=student)
    assert model.student is student
    assert (student.head.projection[1].weight == 7).all()


def test_a_guided_student_is_guided_as_before():
    guide = dict(type='AttentionGuide', blocks=(1, 3))
    model = distiller(student=student_config() | dict(attention_guide=guide)).eval()
    images, samples = batch()
    losses, plain = model.loss(images, samples), model.student.loss(images, samples)
    assert losses['loss_attention'].item() == pytest.approx(
        plain['loss_attention'].item()
    )


def test_a_layer_map():
    config = teacher_config()
    config['neck']['stages'] = (6,)
    deep = teacher_model(config=config)
    pairs = [(0, 1), (3, 5)]
    term = dict(type='AttentionDistillation', layer_map=pairs)
    model = distiller(deep, attention_loss=term).eval()
    images, samples = batch()
    found = model.loss(images, samples)['loss_attention_kd']
    ours, theirs = (attention_of(m, images) for m in (model.student, deep))
    total = 0
    for mine, other in pairs:
        rows, source = ours[mine]
        target = theirs[other][0].gather(2, source[:, None].expand_as(rows))
        total += ((rows - target) ** 2).mean()
    assert found.item() == pytest.approx(total.item(), rel=1e-4)


def test_low_precision():
    model = distiller(**TOKENS)
    images, samples = batch()
    whole = model.loss(images, samples)
    with torch.autocast('cpu', torch.bfloat16):
        low = model.loss(images, samples)
    for name in TERMS:
        assert low[name].dtype == torch.float32
        assert low[name] != whole[name]
        assert low[name].item() == pytest.approx(whole[name].item(), rel=0.1)
    sum(low[name] for name in TERMS).backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.isfinite().all(), name


def test_computing_twice_gives_the_same_gradients():
    gradients = []
    for with_cp in (False, True):
        model = distiller(student=student_config(with_cp=with_cp), **TOKENS)
        model.train()
        losses = model.loss(*batch())
        sum(losses[name] for name in TERMS).backward()
        gradients.append([parameter.grad for parameter in model.parameters()])
    for once, twice in zip(*gradients):
        torch.testing.assert_close(once, twice)


@pytest.mark.parametrize('of_views', [True, False])
def test_several_views(of_views):
    student = small_views_model().train()
    config = teacher_config()
    if of_views:
        config |= dict(type='MultiViewTokenPose')
        config['neck'] |= dict(type='MultiViewTokenPoseNeck')
    teacher = teacher_model(config=config)
    model = distiller(teacher, student, **TOKENS).eval()
    images, samples = images_of(5), samples_of(2, 3)
    losses = model.loss(images, samples)
    seen = [
        m.run(images, samples, attention_blocks=(0, 1)).attention
        for m in (student, teacher)
    ]
    # The last two of four blocks see all views.
    expected = model.attention_loss(*seen)
    assert losses['loss_attention_kd'].item() == pytest.approx(expected.item())
    assert losses.keys() >= {*TERMS, 'loss_kpt'}


def test_all_terms_are_averaged_over_processes_as_the_students_are(monkeypatch):
    model, (images, samples) = distiller(**TOKENS), batch()
    given = []

    def over_processes(losses, count):
        given.append((set(losses), count))
        return {name: 2 * loss for name, loss in losses.items()}

    expected = model.loss(images, samples)
    monkeypatch.setattr(model.student, 'over_processes', over_processes)
    losses = model.loss(images, samples)
    assert given == [(set(losses), len(images))]
    for name, loss in losses.items():
        assert loss.item() == pytest.approx(2 * expected[name].item())


def test_other_students_are_refused():
    other = student_config() | dict(type='TopdownPoseEstimator')
    with pytest.raises(ValueError, match='student: expected a model of type TopdownT'):
        distiller(student=other)
