"""The heads of MixSTE and MHFormer: a norm and one linear layer, to 3D joints."""

from typing import Any, List, Optional, Sequence, Union, cast

import numpy as np
import torch
from mmengine.structures import InstanceData
from mmpose.models.heads import MotionRegressionHead
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample
from torch import Tensor, nn

from ppt_mmpose.config_values import one_of, sizes, whole_number

TOKENS = ('joint', 'frame')


@MODELS.register_module()
class PoseSequenceHead(MotionRegressionHead):
    """Tokens of frames to 3D joints of frames.

    Losses are computed by MMPose's MotionRegressionHead; weights have its names.

    Args:
        in_channels: channels of a token.
        num_keypoints: J.
        token: what a token stands for: a ``'joint'`` of a frame (MixSTE: layer norm) or
            a whole ``'frame'`` (MHFormer: batch norm).
        root_index: joint that the predicted pose is relative to, which is put at the
            origin at test; None leaves it where it is.
        loss: config of the loss.
        decoder: config of the codec; VideoPoseLifting.
        init_cfg: as in MMEngine; PyTorch's own initialisation by default.

    Raises:
        ValueError: for a word or number that cannot be.
    """

    def __init__(
        self,
        in_channels: int,
        num_keypoints: int = 17,
        *,
        token: str = 'joint',
        root_index: Optional[int] = 0,
        loss: Optional[dict] = None,
        decoder: Optional[dict] = None,
        init_cfg: Union[dict, list, None] = None,
    ) -> None:
        one_of('token', token, TOKENS)
        sizes(in_channels=in_channels, num_keypoints=num_keypoints)
        if root_index is not None:
            whole_number('root_index', root_index, least=0, most=num_keypoints - 1)
        joints = 1 if token == 'joint' else num_keypoints
        super().__init__(
            in_channels=in_channels,
            out_channels=3 * joints,
            embedding_size=in_channels,
            loss=loss or dict(type='MPJPELoss', use_target_weight=True),
            decoder=decoder,
            init_cfg=[] if init_cfg is None else init_cfg,
        )
        self.token = token
        # J and C of the tokens of a frame.
        self.expected = (num_keypoints if token == 'joint' else 1, in_channels)
        self.root_index = root_index
        # In the place of MotionBERT's linear layer.
        self.pre_logits = (
            nn.LayerNorm(in_channels) if token == 'joint' else _FrameNorm(in_channels)
        )

    def forward(self, feats: Tensor) -> Tensor:
        """3D joints.

        Args:
            feats: ``(B, F, J, C)``, or ``(B, F, 1, C)`` where a token stands for a
                whole frame.

        Returns:
            ``(B, F, J, 3)``, metres, relative to the root; float32 also where autocast
            computes in a lower precision.

        Raises:
            ValueError: for tokens of other joints or channels.
        """
        if feats.dim() != 4 or tuple(feats.shape[2:]) != self.expected:
            raise ValueError(
                'feats: expected tokens (batch, frames, {}, {}), of num_keypoints and '
                'in_channels of a head of token={!r}, got {}'.format(
                    *self.expected, self.token, tuple(feats.shape)
                )
            )
        joints = super().forward(feats).float()
        return (
            joints if self.token == 'joint' else joints[:, :, 0].unflatten(-1, (-1, 3))
        )

    def predict(
        self,
        feats: Union[Tensor, Sequence[Tensor]],
        batch_data_samples: List[PoseDataSample],
        test_cfg: Optional[dict] = None,
    ) -> List[InstanceData]:
        """Predict.

        Args:
            feats: tokens; with ``flip_test``, those of the sequence and of its mirror
                image.
            batch_data_samples: B of them; ``target_root (F, 3)`` of their metainfo is
                added where it is there.
            test_cfg: ``flip_test``.

        Returns:
            For each sample ``keypoints (1, F, J, 3)`` and ``keypoint_scores
            (1, F, J)``: MMPose decodes sequences in batches of one.
        """
        if (test_cfg or {}).get('flip_test', False):
            joints, mirrored = (self.forward(one) for one in feats)
            indices = batch_data_samples[0].metainfo['flip_indices']
            joints = (joints + mirror_joints(mirrored, indices)) / 2
        else:
            joints = self.forward(cast(Tensor, feats))
        if self.root_index is not None:
            joints = joints.clone()
            joints[:, :, self.root_index] = 0
        return self.decode((joints, _roots(batch_data_samples, joints)))


class _FrameNorm(nn.BatchNorm1d):
    """Batch norm whose channels come last."""

    def forward(self, feats: Tensor) -> Tensor:
        return super().forward(feats.flatten(0, -2)).view_as(feats)


def mirror_joints(joints: Tensor, flip_indices: Sequence[int]) -> Tensor:
    """The mirror image of joints whose x is counted from the middle.

    Args:
        joints: ``(..., J, 2 or more)``, x first.
        flip_indices: the joint on the other side of each.
    """
    mirrored = joints[..., list(flip_indices), :]
    return torch.cat((-mirrored[..., :1], mirrored[..., 1:]), dim=-1)


def _roots(samples: List[PoseDataSample], joints: Tensor) -> Tensor:
    """Where the roots are, ``(B, F, 1, 3)``; empty where that is not known."""
    roots: List[Any] = [sample.metainfo.get('target_root') for sample in samples]
    if any(root is None for root in roots):
        return joints.new_zeros(len(samples), 0)
    return torch.from_numpy(np.stack(roots)).to(joints)[:, :, None]
