import pytest
import torch
from mmpose.registry import MODELS

from ppt_mmpose.tokens import KeypointAttention

# One keypoint: its column is the first, those of four patches follow.
TEACHER = [[0.1, 0.4, 0.2, 0.2, 0.1]]
DENSE = [[0.1, 0.1, 0.2, 0.3, 0.3]]
# Kept are the patches 3 and 0.
PRUNED = [[0.2, 0.5, 0.3]]


def seen(rows, source=(0, 1, 2, 3), block=0):
    rows = torch.tensor([rows]).requires_grad_()
    return KeypointAttention(block, rows, torch.tensor([source]))


def loss_of(**options):
    return MODELS.build(dict(type='AttentionDistillation', **options))


def test_the_value_of_a_dense_block():
    squares = 0.3**2 + 0.1**2 + 0.2**2
    dense, teacher = seen(DENSE), seen(TEACHER)
    assert loss_of()([dense], [teacher]).item() == pytest.approx(squares / 4)
    total = loss_of(reduction='sum', loss_weight=2)([dense], [teacher])
    assert total.item() == pytest.approx(2 * squares)


def test_kept_patches_are_traced_to_the_teachers():
    squares = (0.5 - 0.1) ** 2 + (0.3 - 0.4) ** 2
    student, teacher = seen(PRUNED, source=(3, 0)), seen(TEACHER)
    assert loss_of()([student], [teacher]).item() == pytest.approx(squares / 2)
    total = loss_of(reduction='sum')([student], [teacher])
    assert total.item() == pytest.approx(squares)


def test_zeros_where_patches_are_gone():
    squares = (0.5 - 0.1) ** 2 + (0.3 - 0.4) ** 2 + 0.2**2 + 0.2**2
    student, teacher = seen(PRUNED, source=(3, 0)), seen(TEACHER)
    loss = loss_of(pruned='zeros')([student], [teacher])
    assert loss.item() == pytest.approx(squares / 4)


@pytest.mark.parametrize(('reduction', 'ratio'), [('sum', 1), ('mean', 2 / 4)])
def test_what_the_two_readings_mean_for_the_gradient(reduction, ratio):
    gradients = []
    for pruned in ('kept', 'zeros'):
        student = seen(PRUNED, source=(3, 0))
        loss_of(pruned=pruned, reduction=reduction)(
            [student], [seen(TEACHER)]
        ).backward()
        gradients.append(student.attention.grad)
    kept, zeros = gradients
    assert (kept[..., 1:] != 0).all()
    torch.testing.assert_close(zeros, ratio * kept)


def test_attention_to_other_keypoints_is_not_compared():
    student = seen([[0.9, 0.4, 0.2, 0.2, 0.1]])
    assert loss_of()([student], [seen(TEACHER)]).item() == 0


def test_blocks_are_summed():
    one, teacher = seen(DENSE), seen(TEACHER)
    other = seen(PRUNED, source=(3, 0), block=1)
    alone = [loss_of()([student], [teacher]).item() for student in (one, other)]
    both = loss_of()([one, other], [teacher, teacher]).item()
    assert both == pytest.approx(sum(alone))


def test_samples_have_patches_of_their_own():
    student = KeypointAttention(
        0, torch.tensor([PRUNED, PRUNED]), torch.tensor([[3, 0], [1, 2]])
    )
    teacher = KeypointAttention(
        0, torch.tensor([TEACHER, TEACHER]), torch.arange(4).expand(2, 4)
    )
    first = (0.5 - 0.1) ** 2 + (0.3 - 0.4) ** 2
    second = (0.5 - 0.2) ** 2 + (0.3 - 0.2) ** 2
    total = loss_of(reduction='sum')([student], [teacher])
    assert total.item() == pytest.approx((first + second) / 2)


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(loss_weight=0), 'loss_weight: expected a finite number above 0, got 0'),
        (dict(reduction='max'), "reduction: expected one of .*, got 'max'"),
        (dict(pruned='none'), "pruned: expected one of .*, got 'none'"),
        (dict(layer_map=[]), r'layer_map: expected pairs .*, got \[\]'),
        (dict(layer_map=[(0, 1), (0, 2)]), 'each block of the student once'),
        (dict(layer_map=[(0, 1, 2)]), 'layer_map: expected a sequence of 2 whole'),
    ],
)
def test_what_cannot_be(options, message):
    with pytest.raises(ValueError, match=message):
        loss_of(**options)
