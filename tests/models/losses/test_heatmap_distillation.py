import pytest
import torch
from mmpose.registry import MODELS

STUDENT = torch.tensor([[[[1.0, 2.0]], [[0.0, 4.0]]]])
TEACHER = torch.tensor([[[[1.0, 0.0]], [[3.0, 4.0]]]])


@pytest.mark.parametrize(
    ('options', 'expected'),
    [
        ({}, (4 + 9) / 4),
        (dict(loss_weight=0.5), (4 + 9) / 8),
        (dict(loss_weight=2, reduction='sum'), 2 * (4 + 9)),
    ],
)
def test_the_value(options, expected):
    loss = MODELS.build(dict(type='HeatmapDistillation', **options))
    assert loss(STUDENT, TEACHER).item() == pytest.approx(expected)


def test_heatmaps_of_another_size_are_refused():
    loss = MODELS.build(dict(type='HeatmapDistillation'))
    with pytest.raises(ValueError, match=r'got \(1, 2, 1, 2\) of the student and '):
        loss(STUDENT, TEACHER[..., :1])


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(loss_weight=-1), 'loss_weight: expected a finite number above 0, got -1'),
        (dict(reduction='max'), "reduction: expected one of .*, got 'max'"),
    ],
)
def test_what_cannot_be(options, message):
    with pytest.raises(ValueError, match=message):
        MODELS.build(dict(type='HeatmapDistillation', **options))
