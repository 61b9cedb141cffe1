"""What MixSTE, and HoT on it, learn a sequence of 3D poses by.

Of the released code of HoT-MixSTE: a weighted MPJPE, plus a half of the temporal
consistency, plus twice the mean velocity error.
"""

from typing import Any, List, Optional, Sequence

import torch
from mmpose.registry import MODELS
from torch import Tensor, nn

from ppt_mmpose.config_values import number_from


@MODELS.register_module()
class SequencePoseLoss(nn.Module):
    """Weighted MPJPE, temporal consistency and velocity of a sequence.

    With predictions p and targets t of frame f and joint j, and weights w of joints:
    the mean of ``w |p - t|``; ``temporal_weight`` times the mean, over coordinates, of
    ``w (p[f+1] - p[f])^2``, which has no target and keeps predictions calm;
    ``velocity_weight`` times the mean of ``|(p[f+1] - p[f]) - (t[f+1] - t[f])|``, which
    is not weighted by joints. Frames that follow each other in the tensors count as
    consecutive: where only some frames of a video are predicted, they need not be
    neighbours in it. A single frame has the first term only.

    Args:
        joint_weights: one of each joint, as released for the 17 of Human3.6M
            ``[1, 1, 2.5, 2.5, 1, 2.5, 2.5, 1, 1, 1, 1.5, 1.5, 4, 4, 1.5, 4, 4]``; None
            counts all alike.
        temporal_weight: of the temporal consistency; 0 leaves it out.
        velocity_weight: of the velocity error; 0 leaves it out.
        loss_weight: of the whole.

    Raises:
        ValueError: for weights that are no finite numbers from 0 on, or none of joints.
    """

    joint_weights: Optional[Tensor]

    def __init__(
        self,
        joint_weights: Optional[Sequence[float]] = None,
        *,
        temporal_weight: float = 0.5,
        velocity_weight: float = 2.0,
        loss_weight: float = 1.0,
    ) -> None:
        super().__init__()
        self.temporal_weight = number_from('temporal_weight', temporal_weight, 0)
        self.velocity_weight = number_from('velocity_weight', velocity_weight, 0)
        self.loss_weight = number_from('loss_weight', loss_weight, 0)
        weights = None
        if joint_weights is not None:
            weights = torch.tensor(_weights_of(joint_weights))
        # Constants of the config, not of the checkpoint.
        self.register_buffer('joint_weights', weights, persistent=False)

    def forward(
        self, output: Tensor, target: Tensor, target_weight: Optional[Tensor] = None
    ) -> Tensor:
        """The loss, m (and square metres).

        Args:
            output: ``(B, T, J, 3)``, predicted, m.
            target: ``(B, T, J, 3)``, m.
            target_weight: ``(B, T, J, 1)`` or ``(B, T, J, 3)``; 0 for a joint without
                label, which then adds nothing to the first and the third term. Means
                are over all joints, as in MMPose's losses. None stands for ones.

        Returns:
            A scalar.

        Raises:
            ValueError: for shapes that do not belong together.
        """
        weights = self._checked(output, target, target_weight)
        known = 1.0 if target_weight is None else target_weight
        loss = (weights * ((output - target) * known).norm(dim=-1)).mean()
        if output.shape[1] > 1:
            steps = output.diff(dim=1)
            if self.temporal_weight:
                calm = (weights[..., None] * steps.square()).mean()
                loss = loss + self.temporal_weight * calm
            if self.velocity_weight:
                wrong = steps - target.diff(dim=1)
                if target_weight is not None:
                    wrong = wrong * target_weight[:, 1:] * target_weight[:, :-1]
                loss = loss + self.velocity_weight * wrong.norm(dim=-1).mean()
        return self.loss_weight * loss

    def _checked(
        self, output: Tensor, target: Tensor, target_weight: Optional[Tensor]
    ) -> Tensor:
        """Weights of the joints, once the shapes are right."""
        shape = tuple(output.shape)
        if len(shape) != 4 or shape[3] != 3 or tuple(target.shape) != shape:
            raise ValueError(
                'output, target: expected both (batch, frames, joints, 3), got '
                f'{shape} and {tuple(target.shape)}'
            )
        if target_weight is not None and tuple(target_weight.shape) not in (
            shape,
            (*shape[:3], 1),
        ):
            raise ValueError(
                f'target_weight: expected the shape {(*shape[:3], 1)} or {shape}, got '
                f'{tuple(target_weight.shape)}'
            )
        if self.joint_weights is None:
            return output.new_ones(shape[2])
        if len(self.joint_weights) != shape[2]:
            raise ValueError(
                f'joint_weights: expected one of each of the {shape[2]} joints, got '
                f'{len(self.joint_weights)}'
            )
        return self.joint_weights.to(output)


def _weights_of(joints: Any) -> List[float]:
    if not isinstance(joints, Sequence) or isinstance(joints, str) or not joints:
        raise ValueError(
            f'joint_weights: expected a number of each joint, got {joints!r}'
        )
    return [number_from('joint_weights', weight, 0) for weight in joints]
