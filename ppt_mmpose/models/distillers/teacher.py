"""A trained model that teaches another, and is no part of it."""

from typing import Any, Collection, Dict, Optional, Sequence

import torch
from mmpose.models.pose_estimators import TopdownPoseEstimator
from mmpose.structures import PoseDataSample
from torch import Tensor, nn

from ..pose_estimators import EstimatorOutput, TopdownTokenPose
from .estimators import Given, build_estimator, load_whole


class Teacher:
    """A frozen pose estimator.

    Not a module: what goes through the modules of the model that is taught (optimiser,
    checkpoint, averages of weights, gradients of several processes, ``train()``) does
    not find it. It follows the images from device to device, and copies of the
    distiller share it, because nothing changes it.

    It is built when it is first needed: whoever tests or uses the student does not need
    the teacher's weights.

    Args:
        given: see :func:`~ppt_mmpose.models.distillers.estimators.build_estimator`.
        checkpoint: its weights; None for a built model that has them.

    Raises:
        ValueError: for a config without weights.
    """

    def __init__(self, given: Given, checkpoint: Optional[str]) -> None:
        if checkpoint is None and not isinstance(given, nn.Module):
            raise ValueError(
                'teacher_checkpoint: expected the weights of the teacher, or a built '
                'model that has them as teacher, got None'
            )
        self._given = given
        self._checkpoint = checkpoint
        self._model: Optional[TopdownPoseEstimator] = None
        self._meta: Dict[str, Any] = {}

    def __deepcopy__(self, memo: dict) -> 'Teacher':
        return self

    @property
    def model(self) -> TopdownPoseEstimator:
        """The estimator, with its weights, frozen.

        Raises:
            FileNotFoundError: if its config or weights are missing.
            RuntimeError: if they are the weights of another model.
            ValueError: if it is another kind of model.
        """
        if self._model is None:
            model = build_estimator('teacher', self._given)
            if self._checkpoint is not None:
                self._meta = load_whole('teacher', model, self._checkpoint)
            self._model = model.eval().requires_grad_(False)
        return self._model

    def check_keypoints(self, sample: PoseDataSample) -> None:
        """Compare keypoints with those of the data, as far as both tell of theirs.

        Args:
            sample: of a batch.

        Raises:
            ValueError: if the keypoints that are each other's mirror images differ.
        """
        theirs, ours = self._meta.get('dataset_meta', {}), sample.metainfo
        pair = [of.get('flip_indices') for of in (theirs, ours)]
        joints = self.model.head.out_channels
        # Pipelines may rename keypoints, and leave what the dataset said of its own.
        if any(indices is None or len(indices) != joints for indices in pair):
            return
        if list(pair[0]) != list(pair[1]):
            names = [of.get('dataset_name', 'a dataset') for of in (theirs, ours)]
            raise ValueError(
                f'teacher: expected the {joints} keypoints of the data ({names[1]}, '
                f'flip_indices {list(pair[1])}), got those of {names[0]}, flip_indices '
                f'{list(pair[0])}'
            )

    @torch.no_grad()
    def run(
        self,
        inputs: Tensor,
        data_samples: Sequence[PoseDataSample],
        *,
        attention_blocks: Collection[int] = (),
    ) -> EstimatorOutput:
        """One pass without gradients, in evaluation mode.

        Args:
            inputs: ``(B, 3, height, width)``, normalised.
            data_samples: B of them.
            attention_blocks: of a token model, 0-based, whose attention is wanted, too.

        Returns:
            Of a model without tokens, heatmaps alone.

        Raises:
            ValueError: if the model gives no heatmaps, or prunes by now where its
                attention is wanted.
        """
        model = self.model
        # Whoever built it may have trained it since, or set its keep ratio.
        if model.training:
            model.eval()
        if attention_blocks and model.neck.prunes and model.neck.keep_ratio < 1:
            raise ValueError(
                'teacher: expected a model that keeps all patches (neck.keep_ratio=1), '
                f'got neck.keep_ratio={model.neck.keep_ratio}'
            )
        first = next(model.parameters())
        if (first.device, first.dtype) != (inputs.device, inputs.dtype):
            model.to(inputs)
        if isinstance(model, TopdownTokenPose):
            return model.run(inputs, data_samples, attention_blocks=attention_blocks)
        heatmaps = model(inputs, None, mode='tensor')
        if not isinstance(heatmaps, Tensor) or heatmaps.dim() != 4:
            raise ValueError(
                'teacher: expected a model that gives heatmaps (B, J, height, width), '
                f'got {type(model.head).__name__}, which gives '
                f'{type(heatmaps).__name__}'
            )
        return EstimatorOutput(heatmaps)
