"""A lifter of MMPose, on sequences of any length."""

from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Tuple, Union

import numpy as np
import torch
from mmengine.config import Config
from mmengine.dataset import Compose, pseudo_collate
from mmengine.registry import DefaultScope
from mmpose.codecs import ImagePoseLifting, MotionBERTLabel
from mmpose.utils.tensor_utils import to_numpy

from ...datasets.pose_sequences.windows import window_at, window_starts
from ..config_files import find_config
from .joints import names_of
from .lifter_loading import load_lifter, window_length

PLACES = ('image', 'person')
# px: of Human3.6M's images, which people are moved into with place='person'.
_H36M_SIZE = (1000, 1000)
_MM = 1000


class SequenceLifter:
    """Lifts a whole sequence of 2D joints, window by window.

    A window has the T frames that the model takes, with the real frames after the one
    that is looked at. Of a model that gives all frames (sequence to sequence), windows
    follow each other after T - ``overlap`` frames, and each gives its middle; one that
    gives a single frame gets a window around every frame. Before the first frame and
    after the last one the sequence goes on with these. All this is as in
    `PoseSequenceDataset`, so that with ``overlap=0`` poses are those of the tests.

    Poses are in metres, in the axes of the camera (x to the right, y down, z away from
    it), relative to the root joint. Those of MotionBERT's codec are in pixels of the
    image (`in_pixels`), as nobody knows how far away a person is.

    Args:
        config: of a PoseLifter: a path, or the name of one of ours.
        checkpoint: its weights; None leaves them arbitrary.
        device: such as ``cuda:0``; the best that there is when None.
        frames: T, where the config of MMPose does not tell, or the model takes others.
        overlap: frames that windows share, below T; None is a third of T. Of a model
            that gives a single frame it cannot be set.
        place: ``'image'``: 2D joints are given to the model where they are in the
            image; ``'person'``: moved and scaled to where people are in Human3.6M's
            images, as MMPose's inferencer does it. None is ``'person'`` for models of
            single images in pixels (ImagePoseLifting), and else ``'image'``.
        batch_size: windows at once.

    Raises:
        ValueError: for a config of another kind of model, weights of another model, or
            an argument out of its range.
        FileNotFoundError: if there is no such config or checkpoint.
    """

    def __init__(
        self,
        config: Union[str, Path],
        checkpoint: Optional[str] = None,
        *,
        device: Optional[str] = None,
        frames: Optional[int] = None,
        overlap: Optional[int] = None,
        place: Optional[str] = None,
        batch_size: int = 8,
    ) -> None:
        if batch_size < 1:
            raise ValueError(f'batch_size: expected 1 or more, got {batch_size}')
        cfg = Config.fromfile(find_config(str(config)))
        self._scope = cfg.get('default_scope', 'mmpose')
        self.model = load_lifter(str(config), cfg, checkpoint, device)
        self.dataset_meta: Dict[str, Any] = self.model.dataset_meta
        self.joints = names_of(self.dataset_meta)
        self.batch_size = batch_size
        dataset = cfg.test_dataloader.dataset
        self.frames = window_length(self.model, dataset) if frames is None else frames
        if self.frames < 1:
            raise ValueError(f'frames: expected 1 or more, got {self.frames}')
        with DefaultScope.overwrite_default_scope(self._scope):
            self._pipeline = Compose(dataset.pipeline)
        decoder = self.model.head.decoder
        self.in_pixels = isinstance(decoder, MotionBERTLabel)
        self.place = place or (
            'person' if isinstance(decoder, ImagePoseLifting) else 'image'
        )
        self._check_place()
        given = self._which_frames(bool(dataset.get('causal', False)))
        self.gives_all_frames = len(given) == self.frames
        self.stride = self._stride(overlap)
        # Numbers of the frames of a window whose poses are used.
        before = (self.frames - self.stride + 1) // 2
        self.used = (
            np.arange(before, before + self.stride) if self.gives_all_frames else given
        )

    def _check_place(self) -> None:
        if self.place not in PLACES:
            raise ValueError(f'place: expected one of {PLACES}, got {self.place!r}')
        stats = self.dataset_meta.get('stats_info') or {}
        if self.place == 'person' and 'bbox_center' not in stats:
            raise ValueError(
                "place: 'person' needs stats_info of the lifter's dataset, where "
                f'people are in its images, got none of {self._name}'
            )

    @property
    def _name(self) -> str:
        return str(self.dataset_meta.get('dataset_name'))

    def _which_frames(self, causal: bool) -> np.ndarray:
        """Of which frames of a window poses can be had: of all, or of one."""
        nothing = np.zeros((self.frames, len(self.joints), 2), np.float32)
        middle = nothing + np.array(_H36M_SIZE, np.float32) / 2
        boxes = np.tile(np.array([[0, 0, *_H36M_SIZE]], np.float32), (self.frames, 1))
        ones = np.ones(nothing.shape[:2], np.float32)
        sample = self._sample(middle, ones, boxes, _H36M_SIZE)
        poses, frames = self._predicted([sample])[0]
        wanted = self.frames - 1 if causal else self.frames // 2
        if frames is None and len(poses) == 1:
            frames = np.array([wanted])
        if frames is None or len(frames) == self.frames:
            return np.arange(self.frames)
        if wanted not in frames:
            raise ValueError(
                f'pose3d: expected poses of all {self.frames} frames of a window or of '
                f'frame {wanted}, got those of {frames.tolist()}; '
                'hourglass.keep_centre=True keeps the centre'
            )
        return np.array([wanted])

    def _stride(self, overlap: Optional[int]) -> int:
        if not self.gives_all_frames:
            if overlap is not None:
                raise ValueError(
                    'overlap: expected None for a model that gives one frame of a '
                    f'window, got {overlap}'
                )
            return 1
        overlap = self.frames // 3 if overlap is None else overlap
        if not 0 <= overlap < self.frames:
            raise ValueError(
                f'overlap: expected 0 to {self.frames - 1} frames, got {overlap}'
            )
        return self.frames - overlap

    def lift(
        self,
        keypoints: np.ndarray,
        scores: np.ndarray,
        boxes: np.ndarray,
        size: Tuple[int, int],
        *,
        progress: Optional[Callable[[int], None]] = None,
    ) -> np.ndarray:
        """Poses of all frames of a sequence.

        Args:
            keypoints: ``(F, J, 2)``, px, of `joints`, in this order.
            scores: ``(F, J)``.
            boxes: ``(F, 4)``, px, used with ``place='person'``.
            size: ``(width, height)`` of the images, px.
            progress: told, now and then, how many frames were lifted since.

        Returns:
            ``(F, J, 3)``, m; px of models that are `in_pixels`.

        Raises:
            ValueError: for other joints than the lifter's.
        """
        if keypoints.shape[1:] != (len(self.joints), 2):
            raise ValueError(
                f'keypoints: expected (frames, {len(self.joints)} joints, 2), got '
                f'{keypoints.shape}'
            )
        length = len(keypoints)
        poses = np.zeros((length, len(self.joints), 3))
        # Of a causal model the window around a frame ends with it.
        shift = 0 if self.gives_all_frames else self.frames // 2 - self.used[0]
        starts = window_starts(length, self.frames, self.stride) + shift
        for first in range(0, len(starts), self.batch_size):
            some = starts[first : first + self.batch_size].tolist()
            windows = [window_at(start, self.frames, length).frames for start in some]
            samples = [
                self._sample(keypoints[w], scores[w], boxes[w], size) for w in windows
            ]
            for start, (found, _) in zip(some, self._predicted(samples)):
                places = start + self.used
                inside = (places >= 0) & (places < length)
                rows = self.used if self.gives_all_frames else np.zeros(1, int)
                poses[places[inside]] = found[rows[inside]]
                if progress is not None:
                    progress(int(inside.sum()))
        return poses

    def window(
        self,
        keypoints: np.ndarray,
        scores: np.ndarray,
        boxes: np.ndarray,
        size: Tuple[int, int],
    ) -> np.ndarray:
        """Poses of one window of T frames; arguments as in `lift`.

        Returns:
            ``(T, J, 3)``, or ``(1, J, 3)`` of frame ``used[0]`` alone.
        """
        sample = self._sample(keypoints, scores, boxes, size)
        return self._predicted([sample])[0][0]

    def _sample(
        self,
        keypoints: np.ndarray,
        scores: np.ndarray,
        boxes: np.ndarray,
        size: Tuple[int, int],
    ) -> Dict[str, Any]:
        """A window as the model's own test pipeline makes it."""
        if self.place == 'person':
            keypoints, size = self._moved(keypoints, boxes), _H36M_SIZE
        # MMPose's codecs want labels: MotionBERT's of all frames, others of one.
        labels = len(keypoints) if self.in_pixels else 1, len(self.joints)
        info: Dict[str, Any] = dict(
            keypoints=keypoints.astype(np.float32),
            keypoints_visible=scores.astype(np.float32),
            lifting_target=np.zeros((*labels, 3), np.float32),
            lifting_target_visible=np.ones((*labels, 1), np.float32),
            # With it MotionBERT's codec gives pixels.
            factor=np.full(len(keypoints), _MM, np.float32),
            camera_param=dict(w=size[0], h=size[1]),
        )
        info.update(self.dataset_meta)
        sample: Dict[str, Any] = self._pipeline(info)
        return sample

    def _moved(self, keypoints: np.ndarray, boxes: np.ndarray) -> np.ndarray:
        stats = self.dataset_meta['stats_info']
        middles = (boxes[:, :2] + boxes[:, 2:]) / 2
        sides = (boxes[:, 2:] - boxes[:, :2]).max(1)
        around = (keypoints - middles[:, None]) / sides[:, None, None]
        return np.asarray(around * stats['bbox_scale'] + stats['bbox_center'])

    @torch.no_grad()
    def _predicted(
        self, samples: List[Dict[str, Any]]
    ) -> List[Tuple[np.ndarray, Optional[np.ndarray]]]:
        """Of each window its poses ``(n, J, 3)``, and of which frames they are."""
        found = []
        for sample in self.model.test_step(pseudo_collate(samples)):
            instances = sample.pred_instances
            poses = np.asarray(to_numpy(instances.keypoints), np.float64)
            poses = poses.reshape(-1, len(self.joints), 3)
            frames = instances.get('frames')
            found.append((poses, None if frames is None else to_numpy(frames)))
        return found
