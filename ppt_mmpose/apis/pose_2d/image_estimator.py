"""Any 2D model of MMPose, on the views of many instants at once."""

from typing import Any, Dict, List, Mapping, Optional, Sequence, Union

import numpy as np
import torch
from mmengine.dataset import pseudo_collate
from mmengine.runner import CheckpointLoader
from mmpose.apis.inferencers import Pose2DInferencer
from mmpose.evaluation.functional import nms
from torch import nn

from ...frames.reading import Image
from ...models.strict_loading import MisfitError
from ..images_only import expecting_images
from .people import People

_OVERLAP_OF_ONE_PERSON = 0.3


class ImageEstimator:
    """Finds people's boxes and keypoints in images.

    Args:
        pose2d: a config of a 2D model or its name, as MMPoseInferencer takes it; of
            top-down models, and of those that find people themselves.
        weights: its checkpoint.
        device: such as ``cuda:0``; the best that there is when None.
        det_model: a config or name of a detector of MMDetection, for top-down models.
        det_weights: its checkpoint.
        det_cat_ids: what it calls people.
        det_threshold: people below this score are none, whether a detector found them
            or a model that finds people itself.
        batch_size: people that go through a top-down model at once, and images through
            a detector. Models that find people themselves take images one by one, as in
            MMPose: several of them refuse more.

    Raises:
        ValueError: for weights of another model, a detector with a model that finds
            people itself, weights of a detector without one, a model that does not
            take images, or a batch size that is none.
    """

    def __init__(
        self,
        pose2d: str,
        weights: Optional[str] = None,
        device: Optional[str] = None,
        *,
        det_model: Optional[str] = None,
        det_weights: Optional[str] = None,
        det_cat_ids: Union[int, Sequence[int]] = 0,
        det_threshold: float = 0.3,
        batch_size: int = 32,
    ) -> None:
        if batch_size < 1:
            raise ValueError(f'batch_size: expected at least 1, got {batch_size}')
        if det_weights and not det_model:
            raise ValueError(
                f'det_weights: has no effect without det_model, got {det_weights}'
            )
        self.batch_size = batch_size
        self.det_threshold = det_threshold
        try:
            with expecting_images(pose2d):
                self._inferencer = Pose2DInferencer(
                    pose2d,
                    weights,
                    device,
                    det_model=det_model or 'whole_image',
                    det_weights=det_weights,
                    det_cat_ids=det_cat_ids,
                )
        except MisfitError as error:
            raise ValueError(
                f'{weights}: expected weights of {pose2d}, got others: {error}'
            ) from None
        if weights is not None:
            _expect_fit(self._inferencer.model, pose2d, weights)
        self.top_down: bool = self._inferencer.cfg.data_mode == 'topdown'
        if det_model and not self.top_down:
            raise ValueError(
                f'det_model: expected none, as {pose2d} finds people itself, got '
                f'{det_model}'
            )
        self._inferencer.update_model_visualizer_settings()
        self._set_thresholds()

    def _set_thresholds(self) -> None:
        # As MMPose's inferencer does it for models that find people in one stage.
        model = self._inferencer.model
        if self._inferencer.cfg.model.type == 'BottomupPoseEstimator':
            model.test_cfg = model.head.test_cfg.copy()
            known = dict(score_thr=self.det_threshold, nms_thr=_OVERLAP_OF_ONE_PERSON)
            model.test_cfg.update(
                {name: known[name] for name in known if name in model.test_cfg}
            )

    @property
    def model(self) -> nn.Module:
        """The 2D model, in evaluation mode."""
        return self._inferencer.model

    @property
    def dataset_meta(self) -> Dict[str, Any]:
        """Names, links and colours of the keypoints, as MMPose parses them."""
        return self._inferencer.model.dataset_meta

    @property
    def detects(self) -> bool:
        """Whether it can find people."""
        return not self.top_down or self._inferencer.detector is not None

    def detect(self, images: Sequence[Image]) -> List[np.ndarray]:
        """Boxes ``(n, 4)``, px, of the people in each image, by the detector."""
        if not images:
            return []
        found = self._inferencer.detector(
            list(images), batch_size=self.batch_size, return_datasamples=True
        )
        return [self._people(sample) for sample in found['predictions']]

    def _people(self, sample: Any) -> np.ndarray:
        found = sample.pred_instances.cpu().numpy()
        wanted = np.isin(found.labels, self._inferencer.det_cat_ids)
        wanted &= found.scores > self.det_threshold
        boxes = np.concatenate([found.bboxes, found.scores[:, None]], axis=1)[wanted]
        return boxes[nms(boxes, _OVERLAP_OF_ONE_PERSON), :4].reshape(-1, 4)

    def in_boxes(
        self,
        images: Sequence[Image],
        boxes: Sequence[np.ndarray],
        views: Optional[Sequence[Mapping[str, Any]]] = None,
    ) -> List[People]:
        """The person of a box ``(4,)`` in each image, by a top-down model.

        Args:
            images: of one camera or many.
            boxes: one of each image, px.
            views: what models of several views ask for, see `Estimator2D`; the views of
                an instant then stay in one batch.
        """
        inputs = [
            dict(
                img=image,
                bbox=box[None].astype(np.float32),
                bbox_score=np.ones(1, np.float32),
            )
            for image, box in zip(images, boxes)
        ]
        ends: Sequence[int] = range(1, len(inputs) + 1)
        if views is not None:
            inputs = [{**one, **view} for one, view in zip(inputs, views)]
            groups = [view['group_id'] for view in views]
            ends = [end for end in ends if groups[end - 1 : end] != groups[end:][:1]]
        return self._predict(inputs, ends, self.batch_size)

    def everybody(self, images: Sequence[Image]) -> List[People]:
        """The people in each image, by a model that finds them itself."""
        inputs = [dict(img=image) for image in images]
        return self._predict(inputs, range(1, len(inputs) + 1), 1)

    @torch.no_grad()
    def _predict(
        self, inputs: Sequence[Dict[str, Any]], ends: Sequence[int], batch_size: int
    ) -> List[People]:
        """People of all inputs, in batches that end at one of the given places."""
        people: List[People] = []
        while len(people) < len(inputs):
            start = len(people)
            fitting = [end for end in ends if start < end <= start + batch_size]
            end = max(fitting, default=min(end for end in ends if end > start))
            batch = [
                self._inferencer.pipeline({**one, 'img_path': '', **self.dataset_meta})
                for one in inputs[start:end]
            ]
            samples = self._inferencer.model.test_step(pseudo_collate(batch))
            people.extend(_people_of(sample) for sample in samples)
        return people


def _expect_fit(model: nn.Module, config: str, weights: str) -> None:
    """Refuse weights that leave a part of the model as it was made.

    MMPose's inferencer only warns. What else is in the file does no harm.

    Raises:
        ValueError: naming the file and what it lacks.
    """
    content = CheckpointLoader.load_checkpoint(weights, map_location='cpu')
    given = {
        key.removeprefix('module.'): value
        for key, value in content.get('state_dict', content).items()
    }
    own = model.state_dict()
    lacking = [
        key
        for key, value in own.items()
        if 'num_batches_tracked' not in key
        and (key not in given or given[key].shape != value.shape)
    ]
    if lacking:
        raise ValueError(
            f'{weights}: expected weights of {config}, got a file in which '
            f'{len(lacking)} of {len(own)} entries are missing or have another shape: '
            f'{", ".join(lacking[:3])}'
        )


def _people_of(sample: Any) -> People:
    found = sample.pred_instances
    keypoints = np.asarray(found.keypoints, np.float64)
    scores = np.asarray(found.keypoint_scores, np.float64)
    if 'bboxes' in found:
        boxes = np.asarray(found.bboxes, np.float32).reshape(-1, 4)
    else:
        boxes = np.concatenate([keypoints.min(1), keypoints.max(1)], axis=-1)
    return People(keypoints, scores, boxes)
