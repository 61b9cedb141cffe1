"""A TokenDistiller that is small enough for tests, its teacher and its batches."""

import torch
from mmpose.registry import MODELS
from small_model import sample, small_config

BATCH = 2


def student_config(**neck):
    return small_config(**neck)


def teacher_config(**neck):
    """As the student, without pruning."""
    return small_config(**dict(prune_blocks=(), keep_ratio=1.0) | neck)


def teacher_model(seed=1, config=None):
    """A dense model whose results tell patches and keypoints apart."""
    torch.manual_seed(seed)
    model = MODELS.build(config or teacher_config())
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, 0.5)
    return model


def distiller(teacher=None, student=None, **options):
    """With built weights, as a training begins."""
    given = teacher or teacher_model()
    torch.manual_seed(0)
    config = dict(
        type='TokenDistiller', student=student or student_config(), teacher=given
    )
    model = MODELS.build(config | options)
    model.init_weights()
    return model


def batch(size=BATCH, seed=3):
    """Normalised images and samples with target heatmaps."""
    torch.manual_seed(seed)
    return torch.randn(size, 3, 64, 48), [sample() for _ in range(size)]
