"""What the teacher is made of, and that nothing reaches it."""

import copy

import pytest
import torch
from mmpose.registry import MODELS
from small_distiller import (
    batch,
    distiller,
    student_config,
    teacher_config,
    teacher_model,
)


def saved(folder, model, **meta):
    path = folder / 'teacher.pth'
    torch.save(dict(state_dict=model.state_dict(), meta=meta), path)
    return dict(teacher=teacher_config(), teacher_checkpoint=str(path))


def build(**options):
    config = dict(type='TokenDistiller', student=student_config())
    return MODELS.build(config | options)


def test_its_weights_are_loaded(tmp_path):
    given = teacher_model()
    model = build(**saved(tmp_path, given))
    model.init_weights()
    for key, value in given.state_dict().items():
        assert torch.equal(model.teacher.model.state_dict()[key], value), key


def test_a_config_without_weights_is_refused():
    with pytest.raises(ValueError, match='teacher_checkpoint: expected the weights'):
        build(teacher=teacher_config())


def test_missing_weights_are_an_error_before_the_first_step(tmp_path):
    model = build(teacher=teacher_config(), teacher_checkpoint=f'{tmp_path}/no.pth')
    message = (
        'teacher_checkpoint: expected a file .* of the teacher, found no .*/no.pth'
    )
    with pytest.raises(FileNotFoundError, match=message):
        model.init_weights()
    with pytest.raises(FileNotFoundError, match=message):
        model.loss(*batch())


def test_weights_of_another_model_are_refused(tmp_path):
    options = saved(tmp_path, teacher_model())
    options['teacher'] = teacher_config()
    options['teacher']['neck']['stages'] = (5,)
    message = 'teacher_checkpoint: .*(?s:.*)in the model, not in the file: neck.encoder'
    with pytest.raises(RuntimeError, match=message):
        build(**options).init_weights()


def test_a_file_that_is_no_checkpoint_is_named(tmp_path):
    (tmp_path / 'text.pth').write_text('nothing')
    path = str(tmp_path / 'text.pth')
    model = build(teacher=teacher_config(), teacher_checkpoint=path)
    with pytest.raises(ValueError, match='text.pth: expected a checkpoint of plain'):
        model.init_weights()


def test_other_keypoints_of_the_same_number(tmp_path):
    meta = dict(dataset_name='others', flip_indices=[1, 0, 2])
    model = build(**saved(tmp_path, teacher_model(), dataset_meta=meta))
    model.init_weights()
    images, samples = batch()
    for sample in samples:
        sample.set_metainfo(dict(dataset_name='tiny'))
    with pytest.raises(
        ValueError, match=r'\(tiny, flip_indices \[0, 2, 1\]\), got those of others, '
    ):
        model.loss(images, samples)


def test_the_same_keypoints(tmp_path):
    meta = dict(dataset_name='others', flip_indices=[0, 2, 1])
    model = build(**saved(tmp_path, teacher_model(), dataset_meta=meta))
    model.loss(*batch())


def test_copies_share_it():
    model = distiller()
    assert copy.deepcopy(model).teacher.model is model.teacher.model


def test_it_is_where_the_images_are():
    model = distiller().double()
    images, samples = batch()
    for sample in samples:
        sample.gt_fields.heatmaps = sample.gt_fields.heatmaps.double()
    losses = model.loss(images.double(), samples)
    assert losses['loss_attention_kd'].dtype == torch.float64
    assert next(model.teacher.model.parameters()).dtype == torch.float64


@pytest.mark.skipif(not torch.cuda.is_available(), reason='needs a CUDA device')
def test_on_an_accelerator():
    model = distiller().cuda()
    images, samples = batch()
    samples = [sample.cuda() for sample in samples]
    losses = model.loss(images.cuda(), samples)
    assert losses['loss_heatmap_kd'].device.type == 'cuda'


def test_other_kinds_of_models_are_refused():
    model = distiller(torch.nn.Linear(1, 1), heatmap_loss=None, attention_loss=None)
    with pytest.raises(
        ValueError, match='teacher: expected a model of type TopdownPose'
    ):
        _ = model.teacher.model
