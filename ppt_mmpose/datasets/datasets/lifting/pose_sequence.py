"""Windows of 2D keypoints and 3D poses of whole videos."""

from copy import deepcopy
from pathlib import Path
from typing import Any, List, Optional

import numpy as np
from mmpose.datasets.datasets import Human36mDataset
from mmpose.registry import DATASETS

from ppt_mmpose.config_values import whole_number

from ...pose_sequences.annotations import Video, read_arrays, read_numbers, videos_of
from ...pose_sequences.cameras import read_cameras
from ...pose_sequences.windows import window_at, window_starts

SOURCES = ('gt', 'detection')
# Of MMPose's, what windows are cut by; here it is frames and stride.
_REPLACED = (
    *('seq_len', 'seq_step', 'multiple_target', 'multiple_target_step'),
    *('pad_video_seq', 'causal', 'subset_frac', 'data_mode'),
)


@DATASETS.register_module()
class PoseSequenceDataset(Human36mDataset):
    """Videos in MMPose's layout for Human3.6M, in windows that show every frame.

    What MMPose's dataset lacks: windows of T frames that do not overlap and still cover
    the ends of a video, which its last and first frame go on beyond; targets of all T
    frames; any number of joints. Windows are cut out when they are asked for, so that
    ``stride=1`` needs no more memory. See ``docs/pose_sequences.md``.

    A sample has ``keypoints`` (T, J, 2), px, ``keypoints_visible`` (T, J),
    ``lifting_target`` (T, J, 3), m in the coordinates of the camera,
    ``lifting_target_visible`` (T, J), ``padded`` (T,), whether a frame stands in for
    one beyond the video, ``target_img_path`` (T,), ``factor`` (T,), as in MMPose, and
    ``camera_param``.

    Args:
        ann_file: ``.npz``, see `ppt_mmpose.datasets.pose_sequences.annotations`.
        frames: T.
        stride: frames from a window to the next, 1 to T; None stands for T. With 1,
            each frame is the centre, number ``T // 2``, of one window.
        camera_param_file: MMPose's ``cameras.pkl``, or a JSON, see
            `ppt_mmpose.datasets.pose_sequences.cameras`.
        keypoint_2d_src: ``'gt'``: from ``ann_file``; ``'detection'``: from a file.
        keypoint_2d_det_file: that file: ``.npy``, ``(n, J, 3)``, px and score.
        factor_file: as in MMPose, of codecs that use it.
        data_root: folder of the files.
        **kwargs: ``metainfo``, ``pipeline`` and the like, see MMPose. ``seq_len`` may
            repeat T, for MMPose's inferencers, which look for it in the config.

    Raises:
        FileNotFoundError: naming the file that is not there.
        ValueError: for an argument out of its range; when annotations are read, naming
            the file and what is wrong with it.
    """

    def __init__(
        self,
        ann_file: str,
        *,
        frames: int = 243,
        stride: Optional[int] = None,
        camera_param_file: str,
        keypoint_2d_src: str = 'gt',
        keypoint_2d_det_file: Optional[str] = None,
        factor_file: Optional[str] = None,
        data_root: Optional[str] = None,
        **kwargs: Any,
    ) -> None:
        if kwargs.get('seq_len') == frames:
            kwargs.pop('seq_len')
        replaced = [name for name in _REPLACED if name in kwargs]
        if replaced:
            raise ValueError(
                f'{", ".join(replaced)}: expected frames and stride in the place of '
                'these'
            )
        if keypoint_2d_src not in SOURCES:
            raise ValueError(
                f'keypoint_2d_src: expected one of {SOURCES}, got {keypoint_2d_src!r}'
            )
        if (keypoint_2d_src == 'detection') != (keypoint_2d_det_file is not None):
            raise ValueError(
                "keypoint_2d_det_file: expected a file with keypoint_2d_src='detection'"
                f', and none without, got {keypoint_2d_det_file!r}'
            )
        self.frames = whole_number('frames', frames, least=1)
        self.stride = frames if stride is None else whole_number('stride', stride)
        window_starts(1, self.frames, self.stride)
        self.videos: List[Video] = []
        self._cameras_path = Path(data_root or '') / camera_param_file
        annotations = Path(data_root or '') / ann_file
        if not annotations.is_file():
            raise FileNotFoundError(
                f'ann_file: expected a file, got {annotations}, which is not there'
            )
        super().__init__(
            ann_file,
            keypoint_2d_src=keypoint_2d_src,
            keypoint_2d_det_file=keypoint_2d_det_file,
            factor_file=factor_file,
            data_root=data_root or '',
            **kwargs,
        )

    def _load_ann_file(self, ann_file: str) -> None:
        """Nothing yet: MMPose calls this before the joints are known."""

    def get_sequence_indices(self) -> List[List[int]]:
        """Nothing: windows are cut out when they are asked for."""
        return []

    def load_data_list(self) -> List[dict]:
        """Read the files, and list where windows begin.

        Raises:
            ValueError: naming the file and what is wrong with it.
        """
        names = self.metainfo['keypoint_id2name']
        joints = [names[joint] for joint in range(len(names))]
        detected = None
        if self.keypoint_2d_src == 'detection':
            detected = Path(self.keypoint_2d_det_file)
        self._arrays = read_arrays(Path(self.ann_file), joints, detected)
        self._factors = self._read_factors(len(self._arrays.names))
        self.videos = videos_of(self._arrays.names, self.ann_file)
        self._read_cameras()
        places = [
            dict(video=number, start=start)
            for number, video in enumerate(self.videos)
            for start in window_starts(
                len(video.rows), self.frames, self.stride
            ).tolist()
        ]
        return [dict(place, id=index) for index, place in enumerate(places)]

    def _read_factors(self, count: int) -> np.ndarray:
        # Zeros have codecs work them out, as in MMPose.
        factors = np.zeros(count, np.float32)
        if self.factor_file:
            factors = read_numbers(Path(self.factor_file))
        if factors.shape != (count,):
            raise ValueError(
                f'{self.factor_file}: expected the shape {(count,)}, for the images of '
                f'{self.ann_file}, got {factors.shape}'
            )
        return factors

    def _read_cameras(self) -> None:
        self.camera_param = read_cameras(self._cameras_path)
        for video in self.videos:
            if (video.subject, video.camera) not in self.camera_param:
                known = ', '.join('.'.join(key) for key in self.camera_param)
                raise ValueError(
                    f'{self._cameras_path}: expected the camera '
                    f'{video.subject}.{video.camera} of {self.ann_file}, got {known}'
                )

    def get_data_info(self, idx: int) -> dict:
        """The sample of a window."""
        info = super().get_data_info(idx)
        video = self.videos[info.pop('video')]
        shown, padded = window_at(info.pop('start'), self.frames, len(video.rows))
        rows = video.rows[shown]
        names, poses, keypoints = self._arrays
        info.update(
            num_keypoints=poses.shape[1],
            keypoints=keypoints[rows, :, :2],
            keypoints_visible=keypoints[rows, :, 2],
            lifting_target=poses[rows, :, :3],
            lifting_target_visible=poses[rows, :, 3],
            factor=self._factors[rows],
            padded=padded,
            camera_param=deepcopy(self.camera_param[video.subject, video.camera]),
            category_id=1,
            iscrowd=0,
            img_ids=rows.tolist(),
            img_paths=names[rows].tolist(),
            target_img_path=names[rows],
        )
        return info
