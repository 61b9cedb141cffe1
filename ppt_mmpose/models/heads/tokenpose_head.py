"""The head: each keypoint token becomes its heatmap (TokenPose, section 3.2)."""

from itertools import pairwise
from typing import Optional, Sequence, Tuple

import torch
from mmpose.models.heads import HeatmapHead
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample
from torch import Tensor, nn

from ppt_mmpose.config_values import whole_numbers
from ppt_mmpose.evaluation import heatmap_pck


@MODELS.register_module()
class TokenPoseHead(HeatmapHead):
    """A keypoint token, normed and projected to a heatmap.

    Flip test and decoding are those of MMPose's HeatmapHead. The projection has no
    activation. As released it has two linear layers while the token is at
    most half as wide as the hidden layer (T, S, B), and one otherwise (L).

    Args:
        in_channels: channels of a keypoint token as it leaves the neck.
        out_channels: J.
        heatmap_size: width and height, as MMPose's codecs write it.
        hidden_channels: width of the hidden layer; an eighth of the heatmap's area
            when None.
        loss: config of the loss.
        decoder: config of the codec.
        init_cfg: as in MMEngine; by default as released, truncated normal with a
            standard deviation of 0.02.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        heatmap_size: Tuple[int, int],
        hidden_channels: Optional[int] = None,
        loss: Optional[dict] = None,
        decoder: Optional[dict] = None,
        init_cfg: object = None,
    ) -> None:
        if init_cfg is None:
            init_cfg = dict(type='TruncNormal', std=0.02, layer=['Linear'])
        super().__init__(
            in_channels=in_channels,
            out_channels=out_channels,
            deconv_out_channels=None,
            final_layer=None,
            loss=loss or dict(type='KeypointMSELoss', use_target_weight=True),
            decoder=decoder,
            init_cfg=init_cfg,
        )
        self.heatmap_size = whole_numbers('heatmap_size', heatmap_size, length=2)
        area = self.heatmap_size[0] * self.heatmap_size[1]
        hidden = hidden_channels or area // 8
        widths = [in_channels, area]
        if in_channels <= hidden * 0.5:
            widths.insert(1, hidden)
        layers = []
        for narrow, wide in pairwise(widths):
            layers += [nn.LayerNorm(narrow), nn.Linear(narrow, wide)]
        self.projection = nn.Sequential(*layers)

    def forward(self, feats: Sequence[Tensor]) -> Tensor:
        """Heatmaps.

        Args:
            feats: the last one holds the keypoint tokens ``(B, J, in_channels)``.

        Returns:
            ``(B, J, height, width)``, in float32 also where autocast computes in a
            lower precision: MMPose compares and decodes heatmaps in numpy, which has
            no bfloat16.

        Raises:
            ValueError: if the neck gives another number of keypoints or channels.
        """
        width, height = self.heatmap_size
        given, expected = feats[-1].shape[1:], (self.out_channels, self.in_channels)
        if given != expected:
            raise ValueError(
                'keypoint tokens: the head expects (out_channels, in_channels) = '
                f'{expected}, the neck gives (num_keypoints, stages x dim) = '
                f'{tuple(given)}'
            )
        return self.projection(feats[-1]).unflatten(-1, (height, width)).float()

    def loss(
        self,
        feats: Sequence[Tensor],
        batch_data_samples: Sequence,
        train_cfg: Optional[dict] = None,
    ) -> dict:
        """Loss and accuracy; MMPose's numbers, without waiting for the device.

        Args:
            feats: as in :meth:`forward`.
            batch_data_samples: B samples with their target heatmaps.
            train_cfg: as in HeatmapHead; ``compute_acc=False`` leaves the accuracy out.

        Returns:
            ``loss_kpt`` and ``acc_pose`` (PCK at 0.05 of the heatmap), scalars.

        Raises:
            ValueError: if the targets have another number of keypoints or another
                size than the model's heatmaps.
        """
        return self.loss_of(self.forward(feats), batch_data_samples, train_cfg)

    def loss_of(
        self,
        heatmaps: Tensor,
        batch_data_samples: Sequence,
        train_cfg: Optional[dict] = None,
    ) -> dict:
        """As :meth:`loss`, of heatmaps that were computed already.

        Args:
            heatmaps: ``(B, J, height, width)``.
            batch_data_samples: as in :meth:`loss`.
            train_cfg: as in :meth:`loss`.

        Raises:
            ValueError: as in :meth:`loss`.
        """
        self._check_target(batch_data_samples[0])
        targets = torch.stack(
            [sample.gt_fields.heatmaps for sample in batch_data_samples]
        )
        weights = torch.cat(
            [
                sample.gt_instance_labels.keypoint_weights
                for sample in batch_data_samples
            ]
        )
        losses = dict(loss_kpt=self.loss_module(heatmaps, targets, weights))
        if (train_cfg or {}).get('compute_acc', True):
            losses['acc_pose'] = heatmap_pck(heatmaps, targets, weights > 0)
        return losses

    def _check_target(self, sample: PoseDataSample) -> None:
        target = tuple(sample.gt_fields.heatmaps.shape)
        width, height = self.heatmap_size
        expected = (self.out_channels, height, width)
        if target != expected:
            raise ValueError(
                f'heatmaps: the model gives (keypoints, height, width) = {expected}, '
                f'but the targets of {sample.metainfo.get("img_path")} are {target}; '
                'num_keypoints of the neck, out_channels and heatmap_size of the '
                'head, the codec and the dataset must belong together'
            )
