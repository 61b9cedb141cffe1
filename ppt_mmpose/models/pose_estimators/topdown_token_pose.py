"""MMPose's top-down estimator, with the promise that its weights fit."""

from dataclasses import dataclass
from typing import Collection, Dict, List, Optional, Sequence, Tuple

import torch
from mmpose.models.pose_estimators import TopdownPoseEstimator
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample
from torch import Tensor

from ppt_mmpose.tokens import EncoderOutput, KeypointAttention

from ..initialisation import PretrainedKeypoints
from ..losses import AttentionGuide
from ..strict_loading import refuse_misfit


@dataclass(frozen=True)
class EstimatorOutput:
    """What one pass through a pose estimator gives.

    Attributes:
        heatmaps: ``(B, J, height, width)``.
        tokens: ``(B, J, S * C)``, keypoint tokens as the head gets them; None of a
            model that has none.
        attention: the keypoints' rows of the blocks that were asked for, in order; of a
            block that sees V views together ``(B', V * J, V * J + V * K)`` of B'
            instants.
        places: ``(B', V)``, which of the B images are views of one instant, see
            :func:`~ppt_mmpose.tokens.join_views`; None where every image is alone.
    """

    heatmaps: Tensor
    tokens: Optional[Tensor] = None
    attention: Tuple[KeypointAttention, ...] = ()
    places: Optional[Tensor] = None


@MODELS.register_module()
class TopdownTokenPose(TopdownPoseEstimator):
    """TokenPose and PPT: backbone, token neck and head, one person per crop.

    Args:
        partial_init: accept weights that fit in part, for fine-tuning with another
            set of keypoints or another head. Off, a file that does not fit is
            refused with the keys of both sides.
        attention_guide: config of an :class:`AttentionGuide`, which adds
            ``loss_attention`` to the losses of a training; None is the papers' way.
        pretrained_keypoints: arguments of :class:`PretrainedKeypoints`, to begin a
            training with the weights of a model whose keypoints are others.
        **kwargs: as in MMPose's TopdownPoseEstimator.
    """

    def __init__(
        self,
        *,
        partial_init: bool = False,
        attention_guide: Optional[dict] = None,
        pretrained_keypoints: Optional[dict] = None,
        **kwargs: object,
    ) -> None:
        super().__init__(**kwargs)
        self.attention_guide: Optional[AttentionGuide] = (
            None if attention_guide is None else MODELS.build(attention_guide)
        )
        self.pretrained_keypoints = (
            None
            if pretrained_keypoints is None
            else PretrainedKeypoints(**pretrained_keypoints)
        )
        if not partial_init:
            refuse_misfit(self)

    def init_weights(self) -> None:
        """Initialise as MMEngine does, then begin with weights of other keypoints."""
        first = not self.is_init
        super().init_weights()
        # After the parts: MMEngine would let them overwrite what the whole was given.
        if first and self.pretrained_keypoints is not None:
            self.pretrained_keypoints(self)

    @property
    def keep_ratio(self) -> float:
        """Part of the visual tokens that stays at each pruning, now."""
        return self.neck.keep_ratio

    @property
    def guided_blocks(self) -> Tuple[int, ...]:
        """0-based blocks whose attention the losses want to see."""
        return () if self.attention_guide is None else self.attention_guide.blocks

    def set_keep_ratio(self, keep_ratio: float) -> None:
        """Prune to another ratio from now on, with the same weights.

        It takes no rebuilding: a lower ratio is faster, 1 is the dense model. A
        compiled model is compiled again for every new ratio.

        Args:
            keep_ratio: part of the visual tokens that stays at each pruning, (0, 1].

        Raises:
            ValueError: if the ratio is not in (0, 1], or the model never prunes.
        """
        self.neck.set_keep_ratio(keep_ratio)

    def loss(
        self, inputs: Tensor, data_samples: List[PoseDataSample]
    ) -> Dict[str, Tensor]:
        """Losses of the head, and that of the attention where it is guided.

        Args:
            inputs: ``(B, 3, height, width)``, normalised.
            data_samples: B of them, with target heatmaps.
        """
        if self.attention_guide is None:
            return super().loss(inputs, data_samples)
        out = self.run(inputs, data_samples, attention_blocks=self.guided_blocks)
        return self.losses_of(out, data_samples)

    def over_processes(
        self, losses: Dict[str, Tensor], count: int
    ) -> Dict[str, Tensor]:
        """Losses as they are to be averaged over processes.

        Args:
            losses: of the samples of this process.
            count: how many those are.

        Returns:
            The same: each process has as many.
        """
        return losses

    def run(
        self,
        inputs: Tensor,
        data_samples: Sequence[PoseDataSample],
        *,
        attention_blocks: Collection[int] = (),
    ) -> EstimatorOutput:
        """One pass, with what a training compares of it.

        Args:
            inputs: ``(B, 3, height, width)``, normalised.
            data_samples: B of them.
            attention_blocks: 0-based blocks whose keypoint attention is wanted, too.
        """
        features = self.backbone(inputs)[-1]
        out = self.neck.encode(features, attention_blocks=attention_blocks)
        return self.output_of(out)

    def output_of(
        self, out: EncoderOutput, places: Optional[Tensor] = None
    ) -> EstimatorOutput:
        """What the head makes of what the encoder gave.

        Args:
            out: of the neck.
            places: see EstimatorOutput.
        """
        (tokens,) = self.neck.keypoint_features(out)
        heatmaps = self.head.forward((tokens,))
        return EstimatorOutput(heatmaps, tokens, out.attention, places)

    def losses_of(
        self, out: EstimatorOutput, data_samples: List[PoseDataSample]
    ) -> Dict[str, Tensor]:
        """As `loss`, of a pass that was run already; means over the samples of it.

        Args:
            out: what `run` gave, with the attention of the guided blocks.
            data_samples: B of them, with target heatmaps.
        """
        guide, neck = self.attention_guide, self.neck
        losses = self.head.loss_of(out.heatmaps, data_samples, self.train_cfg)
        if guide is None:
            return losses
        losses['loss_attention'] = guide(
            [seen for seen in out.attention if seen.block in guide.blocks],
            torch.stack([sample.gt_fields.heatmaps for sample in data_samples]),
            torch.cat(
                [sample.gt_instance_labels.keypoint_weights for sample in data_samples]
            ),
            grid=neck.patch_embedding.grid,
            places=out.places,
        )
        return losses
