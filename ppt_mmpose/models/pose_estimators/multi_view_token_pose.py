"""Multi-view PPT: the views of an instant in, the keypoints of every view out."""

from typing import Any, Collection, Dict, List, Optional, Sequence, Tuple, Union

import numpy as np
import torch
from mmengine.dist import all_reduce, get_world_size
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample
from torch import Tensor

from ppt_mmpose.calibration import stacked_cameras
from ppt_mmpose.config_values import whole_numbers
from ppt_mmpose.geometry import patch_rays
from ppt_mmpose.tokens import EncoderOutput

from ..view_groups import places_of_groups
from .topdown_token_pose import EstimatorOutput, TopdownTokenPose


@MODELS.register_module()
class MultiViewTokenPose(TopdownTokenPose):
    """Multi-view PPT, and TokenPose with global fusion where nothing is pruned.

    A batch holds the views of whole instants as ordinary top-down samples. Which of
    them belong together is told by their ``group_id``; there may be any number, another
    one in each instant. Samples also tell ``view_id``, ``camera`` and ``crop_affine``
    (`CropCamera`).

    Args:
        view_sets: ``view_id`` of the views that are fused with each other, as ``[[0,
            2], [1, 3]]`` for pairs of four; without it, all views of an instant are.
        undistort: whether rays of patches take the lenses into account; the released
            code leaves them out.
        **kwargs: as in TopdownTokenPose; the neck is a MultiViewTokenPoseNeck.

    Raises:
        ValueError: for a view in two sets, or sets where views are not fused.
    """

    def __init__(
        self,
        *,
        view_sets: Optional[Sequence[Sequence[int]]] = None,
        undistort: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if view_sets is not None:
            if not self.neck.fuse:
                raise ValueError(
                    f'view_sets: expected none with neck.fuse=False, got {view_sets}'
                )
            sets = [whole_numbers('view_sets', views) for views in view_sets]
            views = [view for views in sets for view in views]
            if not all(sets) or not sets or len(set(views)) < len(views):
                raise ValueError(
                    f'view_sets: expected each view in one set, got {view_sets}'
                )
        self.view_sets = view_sets
        self.undistort = undistort

    def loss(
        self, inputs: Tensor, data_samples: List[PoseDataSample]
    ) -> Dict[str, Tensor]:
        """Losses of the head over all views.

        Each view counts the same, also where processes of a distributed training have
        other numbers of them.

        Args:
            inputs: ``(n, 3, height, width)``, normalised; n views of whole instants.
            data_samples: n of them, with target heatmaps.

        Raises:
            ValueError: for samples that do not tell their instant or camera, or two of
                one view.
        """
        out = self.run(inputs, data_samples, attention_blocks=self.guided_blocks)
        return self.over_processes(self.losses_of(out, data_samples), len(inputs))

    def run(
        self,
        inputs: Tensor,
        data_samples: Sequence[PoseDataSample],
        *,
        attention_blocks: Collection[int] = (),
    ) -> EstimatorOutput:
        """One pass over the views of whole instants, see TopdownTokenPose.

        Args:
            inputs: as in `loss`.
            data_samples: n of them.
            attention_blocks: 0-based blocks whose keypoint attention is wanted, too.

        Raises:
            ValueError: as in `loss`.
        """
        if not self.neck.fuse:
            return super().run(inputs, data_samples, attention_blocks=attention_blocks)
        places, rays = self.where(inputs, data_samples)
        out = self._encode(inputs, places, rays, attention_blocks)
        return self.output_of(out, places)

    def over_processes(
        self, losses: Dict[str, Tensor], count: int
    ) -> Dict[str, Tensor]:
        """Losses whose mean over processes is the mean over the views of all of them.

        Processes have as many instants, of which one may lack more views than another.
        What is averaged over processes is a mean over views already, of n in one and m
        in another.

        Args:
            losses: of the views of this process.
            count: how many those are.
        """
        if get_world_size() == 1:
            return losses
        device = next(iter(losses.values())).device
        mean = torch.full((), count, dtype=torch.float32, device=device)
        all_reduce(mean, 'mean')
        return {
            name: value * (count / mean) if 'loss' in name else value
            for name, value in losses.items()
        }

    def predict(
        self, inputs: Tensor, data_samples: List[PoseDataSample]
    ) -> List[PoseDataSample]:
        """Keypoints of every view.

        Args:
            inputs: as in `loss`.
            data_samples: n of them.

        Raises:
            ValueError: as in `loss`.
        """
        features: Union[Tuple[Tensor], List[Tuple[Tensor]]]
        features = self.extract_views(inputs, data_samples)
        if self.test_cfg.get('flip_test', False):
            flipped = self.extract_views(inputs.flip(-1), data_samples, flipped=True)
            features = [features, flipped]
        found = self.head.predict(features, data_samples, test_cfg=self.test_cfg)
        instances, fields = found if isinstance(found, tuple) else (found, None)
        return self.add_pred_to_datasample(instances, fields, data_samples)

    def forward(
        self,
        inputs: Tensor,
        data_samples: Optional[List[PoseDataSample]] = None,
        mode: str = 'tensor',
    ) -> Any:
        """As MMPose's, and heatmaps of views that see each other.

        Args:
            inputs: as in `loss`.
            data_samples: n of them.
            mode: ``'loss'``, ``'predict'``, or ``'tensor'`` for heatmaps ``(n, J,
                height, width)``. Views that are not fused need no samples for these.
        """
        if mode == 'tensor' and data_samples is not None:
            return self.head.forward(self.extract_views(inputs, data_samples))
        return super().forward(inputs, data_samples, mode)

    def extract_views(
        self,
        inputs: Tensor,
        data_samples: Sequence[PoseDataSample],
        flipped: bool = False,
    ) -> Tuple[Tensor]:
        """What the head gets; MMPose's ``extract_feat`` of views that see each other.

        Args:
            inputs: as in `loss`.
            data_samples: n of them.
            flipped: whether the views are mirrored.

        Returns:
            One tensor ``(n, J, C)``.
        """
        if not self.neck.fuse:
            return self.extract_feat(inputs)
        out = self._encode(inputs, *self.where(inputs, data_samples, flipped))
        return self.neck.keypoint_features(out)

    def _encode(
        self,
        inputs: Tensor,
        places: Tensor,
        rays: Optional[Tensor],
        blocks: Collection[int] = (),
    ) -> EncoderOutput:
        features = self.backbone(inputs)[-1]
        return self.neck.encode_views(features, rays, places, attention_blocks=blocks)

    def where(
        self,
        inputs: Tensor,
        data_samples: Sequence[PoseDataSample],
        flipped: bool = False,
    ) -> Tuple[Tensor, Optional[Tensor]]:
        """Which views belong together, and where their patches look.

        Args:
            inputs: as in `loss`; the answer is on their device.
            data_samples: n of them.
            flipped: whether the views are mirrored.

        Returns:
            Places and rays as the neck takes them (`encode_views`).

        Raises:
            ValueError: as in `loss`.
        """
        samples = [sample.metainfo for sample in data_samples]
        places = places_of_groups(samples, self.view_sets)
        rays = None
        if self.neck.position_3d is not None:
            rays = self._rays(samples, flipped).to(inputs)
        return places.to(inputs.device), rays

    def _rays(self, samples: Sequence[Dict[str, Any]], flipped: bool) -> Tensor:
        """Directions ``(n, N, 3)`` in which the patches of the crops look."""
        cameras = stacked_cameras([sample['camera'] for sample in samples])
        affine = torch.from_numpy(np.stack([one['crop_affine'] for one in samples]))
        rows, columns = self.neck.patch_embedding.grid
        width, height = samples[0]['input_size']
        patch = height // rows, width // columns
        crops = cameras.transformed(affine)
        rays = patch_rays(crops, rows, columns, patch, undistort=self.undistort)
        if flipped:
            rays = rays.unflatten(1, (rows, columns)).flip(2).flatten(1, 2)
        return rays
