"""A teacher that cannot teach is refused before the first step, with both sides."""

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
from small_views_model import small_views_model


def teacher_with(**parts):
    """A dense teacher with other options of its parts."""
    config = teacher_config()
    for part, options in parts.items():
        config[part].update(options)
    return MODELS.build(config)


def refused(teacher, message, **options):
    with pytest.raises(ValueError, match=message):
        distiller(teacher, **options)


def test_other_keypoints():
    teacher = teacher_with(neck=dict(num_keypoints=5), head=dict(out_channels=5))
    refused(teacher, "expected the student's head.out_channels, 3, got 5")


@pytest.mark.parametrize(
    ('codec', 'ours', 'theirs'),
    [
        (dict(type='MSRAHeatmap'), 'type=UDPHeatmap', 'type=MSRAHeatmap'),
        (
            dict(input_size=(96, 128)),
            r'input_size=\(48, 64\)',
            r'input_size=\(96, 128\)',
        ),
        (dict(sigma=3), 'sigma=2', 'sigma=3'),
        (dict(heatmap_size=(24, 32)), r'size=\(12, 16\)', r'size=\(24, 32\)'),
    ],
)
def test_other_codecs(codec, ours, theirs):
    decoder = teacher_config()['head']['decoder'] | codec
    refused(
        teacher_with(head=dict(decoder=decoder)), f'head.decoder, .*{ours}.*{theirs}'
    )


@pytest.mark.parametrize(
    ('change', 'ours', 'theirs'),
    [
        (dict(bgr_to_rgb=False), 'bgr_to_rgb=True', 'bgr_to_rgb=False'),
        (dict(mean=[0.0, 0, 0]), r'mean=\[123', r'mean=\[0'),
        (dict(std=[1.0, 1, 1]), r'std=\[58', r'std=\[1'),
    ],
)
def test_images_that_are_normalised_otherwise(change, ours, theirs):
    refused(
        teacher_with(data_preprocessor=change), f'data_preprocessor, .*{ours}.*{theirs}'
    )


def test_another_grid():
    teacher = teacher_with(neck=dict(patch_size=(2, 3)))
    refused(teacher, r"the student's grid of patches .*, \(4, 4\), got \(8, 4\)")
    distiller(teacher, attention_loss=None)


def test_another_depth():
    teacher = teacher_with(neck=dict(stages=(6,)))
    refused(teacher, 'a student of 4 blocks and a teacher of 6, got None')
    distiller(teacher, attention_loss=None)


@pytest.mark.parametrize('pair', [(4, 0), (0, 4), (-1, 0)])
def test_blocks_that_are_not_there(pair):
    term = dict(type='AttentionDistillation', layer_map=[pair])
    message = (
        f'student below 4 and of the teacher below 4, .* got \\({pair[0]}, {pair[1]}'
    )
    refused(teacher_with(), message, attention_loss=term)


def test_blocks_that_see_all_views():
    term = dict(type='AttentionDistillation', layer_map=[(2, 2)])
    message = 'student below 2 and of the teacher below 4'
    refused(teacher_with(), message, student=small_views_model(), attention_loss=term)


def test_a_teacher_that_prunes():
    teacher = teacher_with(neck=dict(prune_blocks=(1,), keep_ratio=0.5))
    refused(
        teacher, r'keeps all patches \(neck.keep_ratio=1\), got neck.keep_ratio=0.5'
    )
    distiller(teacher, attention_loss=None)
    teacher.set_keep_ratio(1)
    distiller(teacher)


def test_tokens_of_another_width():
    wide = teacher_with(neck=dict(dim=16), head=dict(in_channels=16))
    term = dict(type='TokenDistillation')
    refused(wide, "the student's head.in_channels, 8, got 16", token_loss=term)
    distiller(wide)


# A model of MMPose's without tokens, with the student's heatmaps.
def plain_config():
    config = teacher_config()
    head = dict(
        type='HeatmapHead',
        in_channels=256,
        out_channels=3,
        deconv_out_channels=(8, 8),
        deconv_kernel_sizes=(4, 4),
        decoder=config['head']['decoder'],
    )
    del config['neck']
    config['type'] = 'TopdownPoseEstimator'
    backbone = dict(type='ResNet', depth=18, out_indices=(2,))
    return config | dict(backbone=backbone, head=head)


def test_a_model_without_tokens_teaches_heatmaps_alone():
    teacher = MODELS.build(plain_config())
    refused(teacher, 'attention_loss: expected a teacher of type TopdownTokenPose')
    refused(
        teacher,
        'token_loss: expected a teacher of type TopdownTokenPose, got TopdownPose',
        attention_loss=None,
        token_loss=dict(type='TokenDistillation'),
    )
    model = distiller(teacher, attention_loss=None).eval()
    images, samples = batch()
    ours, theirs = (m(images, None, mode='tensor') for m in (model.student, teacher))
    found = model.loss(images, samples)['loss_heatmap_kd'].item()
    assert found == pytest.approx(((ours - theirs) ** 2).mean().item())


def test_a_model_without_tokens_needs_all_its_weights(tmp_path):
    state = MODELS.build(plain_config()).state_dict()
    del state['backbone.conv1.weight']
    path = str(tmp_path / 'teacher.pth')
    torch.save(dict(state_dict=state), path)
    with pytest.raises(RuntimeError, match='missing keys .*: backbone.conv1.weight'):
        distiller(plain_config(), attention_loss=None, teacher_checkpoint=path)


def test_a_model_without_heatmaps_is_refused():
    config = plain_config()
    codec = dict(type='RegressionLabel', input_size=(48, 64))
    config['neck'] = dict(type='GlobalAveragePooling')
    config['head'] = dict(
        type='RegressionHead', in_channels=256, num_joints=3, decoder=codec
    )
    teacher = MODELS.build(config)
    with pytest.raises(ValueError, match='heatmaps, got one with a RegressionHead'):
        distiller(teacher, attention_loss=None)


def test_a_model_whose_output_is_no_heatmap_is_refused():
    teacher = MODELS.build(plain_config())
    teacher.head.forward = lambda feats: (feats[-1], feats[-1])
    model = distiller(teacher, attention_loss=None)
    with pytest.raises(ValueError, match='heatmaps .*HeatmapHead, which gives tuple'):
        model.loss(*batch())


def test_weights_that_do_not_fit_name_the_file(tmp_path):
    path = str(tmp_path / 'other.pth')
    torch.save(dict(state_dict={'backbone.strange': torch.zeros(1)}), path)
    message = r'teacher_checkpoint: .*other\.pth: .*do not fit TopdownTokenPose'
    with pytest.raises(RuntimeError, match=message):
        distiller(teacher_config(), teacher_checkpoint=path)


@pytest.mark.parametrize('given', [None, 3])
def test_what_is_no_model_is_refused(given):
    config = dict(type='TokenDistiller', student=given, teacher=teacher_model())
    with pytest.raises(ValueError, match=f'student: expected the name .*got {given}'):
        MODELS.build(config)


def test_one_model_for_both_is_refused():
    model = teacher_model()
    message = 'teacher: expected a model of its own, .* such as backbone'
    with pytest.raises(ValueError, match=message):
        distiller(model, model)
    assert all(parameter.requires_grad for parameter in model.parameters())
    other = teacher_model(2)
    other.head = model.head
    with pytest.raises(ValueError, match='such as head.projection'):
        distiller(other, model)


@pytest.mark.parametrize(
    ('term', 'given', 'expected'),
    [
        ('heatmap_loss', False, 'HeatmapDistillation'),
        ('attention_loss', dict(type='HeatmapDistillation'), 'AttentionDistillation'),
        ('heatmap_loss', dict(type='AttentionDistillation'), 'HeatmapDistillation'),
        ('token_loss', dict(type='HeatmapDistillation'), 'TokenDistillation'),
    ],
)
def test_terms_that_are_others_are_refused(term, given, expected):
    with pytest.raises(ValueError, match=f'{term}: expected .* of a {expected}, or N'):
        distiller(**{term: given})


def test_a_teacher_that_its_owner_changed_stays_a_teacher():
    teacher = teacher_model(config=student_config(keep_ratio=1.0))
    model = distiller(teacher)
    images, samples = batch()
    expected = {k: v.clone() for k, v in teacher.named_buffers()}
    teacher.train()
    model.loss(images, samples)
    assert not teacher.training
    assert all(torch.equal(v, expected[k]) for k, v in teacher.named_buffers())
    teacher.set_keep_ratio(0.5)
    with pytest.raises(ValueError, match='keeps all patches .*keep_ratio=0.5'):
        model.loss(images, samples)
