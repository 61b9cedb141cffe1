"""The loss of MixSTE, by hand."""

import pytest
import torch
from mmengine.structures import InstanceData
from mmpose.models.heads import MotionRegressionHead
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample

from ppt_mmpose.models import SequencePoseLoss

# Two joints, three frames: joint 0 stands still, joint 1 goes 1 m, then 2 m along x.
TARGET = torch.tensor([[[0.0, 0], [0, 0], [0, 0]]])[..., None].repeat(1, 1, 1, 3)
OUTPUT = TARGET.clone()
OUTPUT[0, :, 1, 0] = torch.tensor([0.0, 1, 3])


def loss_of(output=OUTPUT, target=TARGET, weight=None, **options):
    return MODELS.build(dict(type='SequencePoseLoss', **options))(
        output, target, weight
    )


def test_by_hand():
    # Distances 0, 1 and 3 of joint 1, and joint 0 exact: 4 / 6.
    position = 4 / 6
    # Squares 1 and 4 among 2 steps of 2 joints with 3 coordinates.
    calm = 5 / 12
    # The target stands still: 1 and 2 among 2 steps of 2 joints.
    velocity = 3 / 4
    assert loss_of(temporal_weight=0, velocity_weight=0) == pytest.approx(position)
    assert loss_of(velocity_weight=0) == pytest.approx(position + 0.5 * calm)
    assert loss_of(temporal_weight=0) == pytest.approx(position + 2 * velocity)
    assert loss_of().item() == pytest.approx(position + 0.5 * calm + 2 * velocity)
    assert loss_of(loss_weight=3.0).item() == pytest.approx(3 * loss_of().item())


def test_weights_of_joints_are_not_in_the_velocity():
    weighted = loss_of(joint_weights=[1, 4])
    assert weighted == pytest.approx(4 * 4 / 6 + 0.5 * 4 * 5 / 12 + 2 * 3 / 4)


def test_the_consistency_has_no_target():
    # Exact predictions of a moving pose still pay for moving.
    exact = loss_of(OUTPUT, OUTPUT)
    assert exact == pytest.approx(0.5 * 5 / 12)


def test_a_joint_without_label_adds_to_the_consistency_only():
    weight = torch.ones(1, 3, 2, 1)
    weight[0, 2, 1] = 0
    got = loss_of(weight=weight)
    # Of frame 2 neither the distance, 3, nor the step to it, 2.
    assert got == pytest.approx(1 / 6 + 0.5 * 5 / 12 + 2 * 1 / 4)
    # Nor, of frame 0, the step from it, 1; its distance is 0.
    weight[0, 2, 1], weight[0, 0, 1] = 1, 0
    assert loss_of(weight=weight) == pytest.approx(4 / 6 + 0.5 * 5 / 12 + 2 * 2 / 4)
    weight[0, 2, 1], weight[0, 0, 1] = 0, 1
    assert loss_of(weight=weight.repeat(1, 1, 1, 3)) == pytest.approx(got.item())
    assert loss_of(weight=torch.ones(1, 3, 2, 1)) == pytest.approx(loss_of().item())


def test_a_single_frame():
    assert loss_of(OUTPUT[:, 1:2], TARGET[:, 1:2]) == pytest.approx(1 / 2)


def test_gradients():
    output = torch.randn(2, 4, 3, 3, dtype=torch.float64, requires_grad=True)
    target = torch.randn(2, 4, 3, 3, dtype=torch.float64)
    module = SequencePoseLoss([1.0, 2.5, 4.0])
    assert torch.autograd.gradcheck(lambda given: module(given, target), output)


def test_in_mmposes_head():
    head = MotionRegressionHead(8, 3, 8, loss=dict(type='SequencePoseLoss'))
    samples = []
    for _ in range(2):
        sample = PoseDataSample()
        sample.gt_instance_labels = InstanceData(
            lifting_target_label=torch.randn(5, 2, 3),
            lifting_target_weight=torch.ones(5, 2),
        )
        samples.append(sample)
    losses = head.loss(torch.randn(2, 5, 2, 8), samples)
    losses['loss_pose3d'].backward()
    assert head.fc.weight.grad.abs().sum() > 0


def test_weights_are_not_in_checkpoints():
    assert not SequencePoseLoss([1.0, 2.0]).state_dict()


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(temporal_weight=-1), 'temporal_weight: expected .* 0 or more, got -1'),
        (dict(temporal_weight=float('nan')), 'temporal_weight: expected a finite'),
        (dict(loss_weight=float('inf')), 'loss_weight: expected a finite number'),
        (dict(velocity_weight='2'), "velocity_weight: expected a number, got '2'"),
        (dict(joint_weights=[1, -2]), 'joint_weights: expected .* 0 or more, got -2'),
        (dict(joint_weights=[1, float('nan')]), 'joint_weights: expected a finite'),
        (dict(joint_weights=[]), r'joint_weights: expected a number of each.*\[\]'),
        (dict(joint_weights=3), 'joint_weights: expected a number of each joint, got'),
        (
            dict(joint_weights='12'),
            "expected a number of each joint, got '12'",
        ),
        (dict(joint_weights=[1] * 17), 'one of each of the 2 joints, got 17'),
        (dict(output=OUTPUT[0]), r'got \(3, 2, 3\) and \(1, 3, 2, 3\)'),
        (
            dict(output=OUTPUT[..., :2], target=TARGET[..., :2]),
            r'expected both \(batch, frames, joints, 3\), got \(1, 3, 2, 2\)',
        ),
        (dict(weight=torch.ones(1, 3, 2)), r'target_weight: expected the shape'),
    ],
)
def test_errors(options, message):
    with pytest.raises(ValueError, match=message):
        loss_of(**options)
