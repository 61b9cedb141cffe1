"""Videos of one camera to poses in 3D, with the frames to come."""

from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Union

import numpy as np

from ...frames import frame_stream, same_size
from ...motion_files import Recording
from ..pose_2d import Estimator2D, ImageEstimator
from .frame_boxes import BoxesOfFrames, FrameBoxes
from .joints import JointConverter, names_of
from .lifter import SequenceLifter
from .motion import PersonMotion, VideoMotion, VideoTracks
from .people_finder import PeopleFinder
from .size import check_stature, in_metres
from .tracking import PeopleTracker
from .tracks import Track2D

DEFAULT_RATE = 30.0
# Told the pass, and how many of how many.
Progress = Callable[[str, int, Optional[int]], None]


def seconds(**values: float) -> None:
    """Refuse times that are none.

    Raises:
        ValueError: naming the argument.
    """
    for name, value in values.items():
        if not 0 <= value < float('inf'):
            raise ValueError(f'{name}: expected 0 s or more, got {value}')


class VideoPoseInferencer:
    """Poses of the people in a video, in two passes.

    First a 2D model of MMPose finds the people of all frames, who are tracked; then a
    lifter goes over the whole track of each person in windows, which have the frames
    before and after the one that is looked at. Of a frame about half a kilobyte a
    person is kept, and no image.

    Args:
        pose3d: config of a lifter: a path, or the name of one of ours.
        pose3d_weights: its checkpoint.
        pose2d: config or name of a 2D model, as MMPoseInferencer takes it; or an
            `Estimator2D`, which has its own weights and detector.
        pose2d_weights: its checkpoint.
        device: such as ``cuda:0``; the best that there is when None.
        det_model: config or name of a detector of MMDetection, for top-down models;
            without one, a single person fills the image.
        det_weights: its checkpoint.
        det_cat_ids: what it calls people.
        lifting: of `SequenceLifter`: ``frames``, ``overlap``, ``place``,
            ``batch_size``.

    Raises:
        ValueError: as `ImageEstimator` and `SequenceLifter` raise it; for a 2D model
            whose keypoints cannot be turned into the lifter's joints; or for weights or
            a detector beside an `Estimator2D`.
    """

    def __init__(
        self,
        pose3d: str,
        pose3d_weights: Optional[str] = None,
        *,
        pose2d: Union[str, Path, Estimator2D],
        pose2d_weights: Optional[str] = None,
        device: Optional[str] = None,
        det_model: Optional[str] = None,
        det_weights: Optional[str] = None,
        det_cat_ids: Union[int, Sequence[int]] = 0,
        lifting: Optional[Dict[str, Any]] = None,
    ) -> None:
        self.lifter = SequenceLifter(
            pose3d, pose3d_weights, device=device, **(lifting or {})
        )
        own = dict(
            pose2d_weights=pose2d_weights, det_model=det_model, det_weights=det_weights
        )
        if isinstance(pose2d, (str, Path)):
            pose2d = ImageEstimator(
                str(pose2d),
                pose2d_weights,
                device,
                det_model=det_model,
                det_weights=det_weights,
                det_cat_ids=det_cat_ids,
            )
        elif given := [name for name, value in own.items() if value is not None]:
            raise ValueError(
                f'{given[0]}: has no effect with an estimator that was built before; '
                'expected None'
            )
        self.estimator = pose2d
        self.converter = JointConverter(
            names_of(pose2d.dataset_meta), self.lifter.joints
        )

    def __call__(
        self,
        video: Any,
        *,
        progress: Optional[Progress] = None,
        stature: float = 1.7,
        fill_gaps: float = 0.5,
        **options: Any,
    ) -> VideoMotion:
        """The people of a video, and their poses.

        Args:
            video: a video file, a folder of images, or images in memory, BGR, as
                `ppt_mmpose.frames.frame_stream` takes them.
            progress: told what is done, now and then: the pass (``'2D'``, ``'3D'``),
                how many frames of it, and of how many, as far as that is known.
            stature: see `lift`.
            fill_gaps: see `lift`.
            **options: of `track`.

        Raises:
            ValueError: see `track`.
        """
        self._check_lifting(fill_gaps, stature)
        tracks = self.track(video, progress=progress, **options)
        return self.lift(
            tracks, progress=progress, stature=stature, fill_gaps=fill_gaps
        )

    def track(
        self,
        video: Any,
        *,
        rate: Optional[float] = None,
        boxes: Optional[BoxesOfFrames] = None,
        max_gap: float = 0.5,
        min_frames: int = 1,
        person_thr: float = 0.1,
        batch_size: int = 8,
        progress: Optional[Progress] = None,
    ) -> VideoTracks:
        """The first pass: who is where in each frame.

        Args:
            video: see `__call__`.
            rate: frames a second; that of the video, or 30, when None.
            boxes: see `FrameBoxes`; in frames without any, people are looked for where
                they were.
            max_gap: how long somebody who is not seen is waited for, s.
            min_frames: people who are seen in fewer frames are left out.
            person_thr: people whose keypoints' mean score is lower are none.
            batch_size: frames that go through the 2D model at once.
            progress: told what is done after each frame.

        Raises:
            ValueError: for a source that is none, or of which no frame can be read, and
                for options that are none.
        """
        seconds(max_gap=max_gap)
        if min_frames < 1:
            raise ValueError(f'min_frames: expected 1 or more, got {min_frames}')
        source = frame_stream(video)
        rate = (source.rate or DEFAULT_RATE) if rate is None else rate
        if not 0 < rate < float('inf'):
            raise ValueError(f'rate: expected frames a second, got {rate}')
        tracker = PeopleTracker(
            self.estimator.dataset_meta, max_gap=round(max_gap * rate)
        )
        finder = PeopleFinder(
            self.estimator,
            tracker,
            boxes=None if boxes is None else FrameBoxes(boxes),
            person_thr=person_thr,
            batch_size=batch_size,
        )
        size, length = (0, 0), 0
        for number, image, _, _ in finder.find(same_size(source)):
            size, length = (image.shape[1], image.shape[0]), number + 1
            if progress is not None:
                progress('2D', length, source.length)
        if not length:
            raise ValueError(f'{video}: expected frames that can be decoded, got none')
        tracks = [one.whole() for one in tracker.tracks if len(one) >= min_frames]
        return VideoTracks(tracks, length, size, rate)

    def lift(
        self,
        tracks: VideoTracks,
        *,
        progress: Optional[Progress] = None,
        stature: float = 1.7,
        fill_gaps: float = 0.5,
    ) -> VideoMotion:
        """The second pass: poses of tracks.

        Args:
            tracks: in 2D.
            progress: told what is done, now and then.
            stature: m, of the people, for lifters that do not tell metres (those of
                MotionBERT's codec).
            fill_gaps: gaps up to this long, s, are filled: 2D keypoints go on straight
                lines, and poses are found for them. A longer one has no poses, and what
                is before and after it is lifted separately.

        Raises:
            ValueError: for an argument that is none.
        """
        self._check_lifting(fill_gaps, stature)
        people: List[PersonMotion] = []
        gap = round(fill_gaps * tracks.rate)
        done, total = 0, sum(len(track.frames) for track in tracks.tracks)

        def lifted(frames: int) -> None:
            nonlocal done
            done += frames
            if progress is not None:
                progress('3D', done, total)

        for track in tracks.tracks:
            people.append(self._lifted(track, tracks, gap, stature, lifted))
        meta = self.lifter.dataset_meta
        return VideoMotion(
            people=people,
            length=tracks.length,
            size=tracks.size,
            rate=tracks.rate,
            recording=Recording(
                ('camera',), self.lifter.joints, self.links, tracks.rate
            ),
            dataset_meta=meta,
            dataset_meta_2d=self.estimator.dataset_meta,
        )

    def _check_lifting(self, fill_gaps: float, stature: float) -> None:
        seconds(fill_gaps=fill_gaps)
        check_stature(stature)

    @property
    def links(self) -> tuple:
        """Pairs of joints of the lifter that its skeleton joins."""
        links = self.lifter.dataset_meta['skeleton_links']
        return tuple((int(a), int(b)) for a, b in links)

    def _lifted(
        self,
        track: Track2D,
        of: VideoTracks,
        gap: int,
        stature: float,
        progress: Callable[[int], None],
    ) -> PersonMotion:
        keypoints, scores = self.converter(track.keypoints, track.scores)
        poses = np.zeros((*keypoints.shape[:2], 3))
        found = np.zeros(len(keypoints), bool)
        for part in track.segments(gap):
            lifted = self.lifter.lift(
                keypoints[part],
                scores[part],
                track.boxes[part],
                of.size,
                progress=progress,
            )
            if self.lifter.in_pixels:
                lifted = in_metres(lifted, self.links, rate=of.rate, stature=stature)
            poses[part], found[part] = lifted, True
        return PersonMotion(
            track=track.track,
            frames=track.frames,
            keypoints_2d=track.keypoints,
            scores=track.scores,
            boxes=track.boxes,
            seen=track.seen,
            lifted_2d=keypoints,
            lifted_scores=scores,
            keypoints_3d=poses,
            found=found,
        )
