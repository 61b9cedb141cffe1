"""MMPose's lifter, for models that prune frames, with the promise that weights fit."""

from copy import deepcopy
from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

import torch
from mmengine.structures import InstanceData
from mmpose.models.losses import MPJPEVelocityJointLoss
from mmpose.models.pose_estimators import PoseLifter
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample
from torch import Tensor

from ppt_mmpose.config_values import one_of, yes_or_no
from ppt_mmpose.tokens import FrameOutput
from ppt_mmpose.tokens.attention import without_autocast

from ..backbones.lifter import Lifter
from ..heads.pose_sequence_head import PoseSequenceHead, mirror_joints
from ..strict_loading import refuse_misfit
from .lifter_inputs import check_joints, check_values, one_batch

OUTPUTS = ('all', 'centre')
# Of what a sample says of its frames, what the heads read.
LABELS = ('lifting_target_label', 'lifting_target_weight')
METAINFO = ('target_root', 'factor')
TEST_OPTIONS = ('flip_test', 'output', 'select_per_pass')


@MODELS.register_module()
class TokenPoseLifter(PoseLifter):
    """Sequences of 2D joints to sequences of 3D joints, one person per sequence.

    Options of ``test_cfg`` beside MMPose's ``flip_test``:

    - ``output``: ``'all'`` frames that the model gives, or the ``'centre'`` one alone.
    - ``select_per_pass``: with ``flip_test``, let the mirrored sequence choose its own
      frames. As released when not given: it does where all frames come back (HoT);
      where they do not (TPC), its frames have to be those of the first pass.

    Predictions tell which frames they are of (``pred_instances.frames``, int64) and, of
    a model that prunes, whether each was kept (``frame_kept``, bool).

    Args:
        partial_init: accept weights that fit in part. Off, a file that does not fit is
            refused with the keys of both sides.
        **kwargs: as in MMPose's PoseLifter; no model of trajectories. With
            ``metainfo``, samples of other joints are refused; without it, those with
            another number of joints.

    Raises:
        ValueError: for a backbone that is no Lifter, or a setting that cannot be.
    """

    backbone: Lifter

    def __init__(self, *, partial_init: bool = False, **kwargs: Any) -> None:
        for name in ('traj_backbone', 'traj_neck', 'traj_head', 'semi_loss'):
            if kwargs.get(name) is not None:
                raise ValueError(f'{name}: expected None, got {kwargs[name]}')
        super().__init__(**kwargs)
        if not isinstance(self.backbone, Lifter):
            raise ValueError(
                'backbone: expected MixSTE, MotionBERT or MHFormer, got '
                f'{type(self.backbone).__name__}'
            )
        joints = self.backbone.expected[1]
        if self.metainfo and self.metainfo['num_keypoints'] != joints:
            raise ValueError(
                f'metainfo: expected the {joints} joints of the backbone, got '
                f'{self.metainfo["num_keypoints"]}, those of '
                f'{self.metainfo["dataset_name"]}; None names no dataset'
            )
        self._check_test_cfg()
        if not partial_init:
            refuse_misfit(self)

    def _check_test_cfg(self) -> None:
        """Refuse options that there are not, or that can have no effect."""
        known: Tuple[str, ...] = TEST_OPTIONS
        if not isinstance(self.head, PoseSequenceHead):
            # Of MMPose's heads.
            known = (*TEST_OPTIONS, 'shift_coords')
        for name, value in self.test_cfg.items():
            one_of('test_cfg', name, known)
            if name == 'output':
                one_of('test_cfg.output', value, OUTPUTS)
            else:
                yes_or_no(f'test_cfg.{name}', value)
        if 'select_per_pass' not in self.test_cfg:
            return
        if self.backbone.hourglass is None:
            raise ValueError(
                'test_cfg.select_per_pass: expected none for a model that never prunes,'
                f' got {self.test_cfg["select_per_pass"]}'
            )
        if self.test_cfg['select_per_pass'] and not self.backbone.gives_all_frames:
            raise ValueError(
                'test_cfg.select_per_pass: expected False for a model that gives the '
                'kept frames alone, because both passes have to keep the same ones'
            )

    def set_kept_frames(self, kept_frames: Sequence[int]) -> None:
        """Keep other numbers of frames from now on, see Lifter."""
        self.backbone.set_kept_frames(kept_frames)

    def forward(
        self,
        inputs: Union[Tensor, List[Tensor]],
        data_samples: Optional[List[PoseDataSample]] = None,
        mode: str = 'tensor',
    ) -> Any:
        """As MMPose's pose estimators.

        Args:
            inputs: ``(B, T, J, channels)``, normalised 2D joints, or B of
                ``(T, J, channels)``, as MMPose's loaders give them.
            data_samples: B of them.
            mode: ``'loss'``, ``'predict'`` or ``'tensor'``.

        Raises:
            ValueError: for values that are no numbers, no normalised coordinates or no
                scores, or samples with the joints of another dataset.
        """
        inputs = one_batch(inputs)
        samples = data_samples or []
        check_values(inputs, samples)
        check_joints(samples, self.backbone.expected[1], self.metainfo)
        if mode == 'predict' and self.metainfo:
            # MMPose would copy all of the metainfo into each sample, to stay there. Of
            # it, this is what heads read.
            for sample in samples:
                indices = self.metainfo['flip_indices']
                sample.set_metainfo(dict(flip_indices=indices))
            return self.predict(inputs, samples)
        return super().forward(inputs, data_samples, mode)

    def extract_feat(self, inputs: Tensor) -> Tensor:
        """Tokens of a sequence.

        Args:
            inputs: ``(B, T, J, channels)``, normalised 2D joints.
        """
        return self.backbone.encode(inputs).tokens

    def loss(
        self, inputs: Tensor, data_samples: List[PoseDataSample]
    ) -> Dict[str, Tensor]:
        """Losses of the head, over the frames that the model gives.

        Args:
            inputs: ``(B, T, J, channels)``, normalised 2D joints.
            data_samples: B of them, with targets of all T frames.
        """
        out = self.backbone.encode(inputs)
        samples = _at_frames(data_samples, out, inputs.shape[1], labels=True)
        # MMPose's heads compare in numpy, which has no bfloat16.
        tokens = out.tokens.to(next(self.head.parameters()).dtype)
        velocity = isinstance(self.head.loss_module, MPJPEVelocityJointLoss)
        if velocity and tokens.shape[1] == 1:
            # Its mean over no steps is no number. The same frame twice has a step of
            # zero, as its label has, and the same mean of all other terms.
            tokens = tokens.expand(-1, 2, -1, -1)
            samples = [_at(one, torch.tensor([0, 0]), True) for one in samples]
        with without_autocast(inputs.device):
            return self.head.loss(tokens, samples, train_cfg=self.train_cfg)

    def predict(
        self, inputs: Tensor, data_samples: List[PoseDataSample]
    ) -> List[PoseDataSample]:
        """3D joints.

        Args:
            inputs: ``(B, T, J, channels)``, normalised 2D joints.
            data_samples: B of them.

        Returns:
            The same samples with ``pred_instances``: ``keypoints (F, J, 3)``,
            ``keypoint_scores (F, J)``, ``frames (F,)``, and ``frame_kept (F,)``.
        """
        centre = self.test_cfg.get('output', 'all') == 'centre'
        alone = centre and self.backbone.keeps_centre
        out = self.backbone.encode(inputs, centre=alone)
        # What MMPose's heads decode goes through numpy, which has no bfloat16.
        head, dtype = self.head, next(self.head.parameters()).dtype
        if dtype == torch.bfloat16:
            head, dtype = deepcopy(head).float(), torch.float32
        feats: Any = out.tokens.to(dtype)
        if self.test_cfg.get('flip_test', False):
            mirrored = self._mirrored(inputs, data_samples, out, alone)
            feats = [feats, mirrored.to(dtype)]
        samples = _at_frames(data_samples, out, inputs.shape[1], labels=False)
        with without_autocast(inputs.device):
            predictions = head.predict(feats, samples, test_cfg=self.test_cfg)
        predictions = [_one_sequence(instances) for instances in predictions]
        kept = self._kept(out)
        for index, instances in enumerate(predictions):
            instances.frames = out.source[index]
            if kept is not None:
                instances.frame_kept = kept[index]
        if centre:
            predictions = [_centre(one, inputs.shape[1] // 2) for one in predictions]
        return self.add_pred_to_datasample(predictions, None, None, None, data_samples)

    def _mirrored(
        self,
        inputs: Tensor,
        data_samples: List[PoseDataSample],
        out: FrameOutput,
        centre: bool,
    ) -> Tensor:
        """Tokens of the mirrored sequences."""
        every = self.test_cfg.get('select_per_pass', self.backbone.gives_all_frames)
        indices = data_samples[0].metainfo['flip_indices']
        return self.backbone.encode(
            mirror_joints(inputs, indices),
            chosen=None if every else [pruning.source for pruning in out.prunings],
            centre=centre,
        ).tokens

    def _kept(self, out: FrameOutput) -> Optional[Tensor]:
        """Whether frames of an output were kept, ``(B, F)``; None without pruning."""
        if not out.prunings:
            return None
        kept = out.prunings[-1].source
        return (out.source[:, :, None] == kept[:, None]).any(dim=2)


def _one_sequence(instances: InstanceData) -> InstanceData:
    """Frames as the first dimension: MMPose decodes sequences in batches of one."""
    fields = {name: value[0] for name, value in instances.items()}
    return InstanceData(**fields)


def _at_frames(
    data_samples: List[PoseDataSample],
    out: FrameOutput,
    frames: int,
    *,
    labels: bool,
) -> List[PoseDataSample]:
    """Samples that speak of the frames of the output alone.

    Args:
        data_samples: of sequences of ``frames``.
        out: of the backbone.
        frames: T.
        labels: where nothing is learnt there may be none: MMPose's inferencers make
            one up.
    """
    if out.source.shape[1] == frames:
        return data_samples
    return [_at(*pair, labels) for pair in zip(data_samples, out.source.cpu())]


def _at(sample: PoseDataSample, frames: Tensor, with_labels: bool) -> PoseDataSample:
    """What a sample says of some frames."""
    part = sample.new()
    metainfo = sample.metainfo
    rows = frames.numpy()
    for name in METAINFO:
        if name in metainfo:
            value = metainfo[name]
            # MMPose's inferencers know no roots and give one for all frames.
            part.set_metainfo({name: value if len(value) == 1 else value[rows]})
    labels = sample.get('gt_instance_labels') if with_labels else None
    if labels is not None:
        few = InstanceData()
        for name in LABELS:
            if name in labels:
                value = labels[name]
                few.set_field(value[frames.to(value.device)], name)
        part.gt_instance_labels = few
    return part


def _centre(instances: InstanceData, centre: int) -> InstanceData:
    """The prediction of the centre frame."""
    places: Tuple[Tensor, ...] = torch.where(instances.frames == centre)
    if not len(places[0]):
        raise ValueError(
            f"test_cfg.output='centre': expected a prediction of frame {centre}, got "
            'frames without it; hourglass.keep_centre=True keeps it'
        )
    return instances[places[0]]
