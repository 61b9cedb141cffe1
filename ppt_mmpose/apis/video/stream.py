"""Frames as a camera gives them, to poses with a delay that is known."""

from dataclasses import dataclass
from typing import Dict, Iterator, List, Optional

import numpy as np

from ...frames import Image
from ...frames.source import check_frame
from ...motion_files import Instant
from .frame_boxes import BoxesOfFrames, FrameBoxes
from .inferencer import VideoPoseInferencer, seconds
from .motion import instant_of
from .people_finder import PeopleFinder
from .size import check_stature, in_metres
from .tracking import PeopleTracker
from .tracks import GrowingTrack


@dataclass(frozen=True, eq=False)
class StreamedPose:
    """Somebody in one frame.

    Attributes:
        track: the person's number.
        frame: the frame's number, from 0.
        lifted_2d: ``(J, 2)``, px, the joints that the lifter got.
        scores: ``(J,)``; 0 where the person was not seen.
        box: ``(4,)``, px.
        seen: whether the person was seen in the frame, or between others.
        keypoints_3d: ``(J, 3)``, m, as in `PersonMotion`.
    """

    track: int
    frame: int
    lifted_2d: np.ndarray
    scores: np.ndarray
    box: np.ndarray
    seen: bool
    keypoints_3d: np.ndarray

    def instant(self) -> Instant:
        """As motion files have it."""
        return instant_of(
            self.frame,
            self.keypoints_3d,
            self.lifted_2d,
            self.scores,
            self.box,
            seen=self.seen,
        )


class PoseStream:
    """Gives the poses of a frame when ``delay`` more have come.

    The lifter gets a window that ends with the newest frame (of a model that gives a
    single frame: one around the frame that is asked for, whose last frames are copies
    of the newest one, if ``delay`` is shorter than its half). It runs once for each
    person and frame. Memory is that of T + ``delay`` frames of each person.

    Args:
        inferencer: whose models are used.
        rate: frames a second.
        delay: frames; None is half a second, or, if that is less, half a window; of
            models that give a single frame, half a window.
        boxes: see `VideoPoseInferencer.track`.
        max_gap: how long somebody who is not seen is waited for, s.
        fill_gaps: see `VideoPoseInferencer.lift`.
        person_thr: see `VideoPoseInferencer.track`.
        stature: see `VideoPoseInferencer.lift`.

    Raises:
        ValueError: for an argument out of its range.
    """

    def __init__(
        self,
        inferencer: VideoPoseInferencer,
        *,
        rate: float = 30.0,
        delay: Optional[int] = None,
        boxes: Optional[BoxesOfFrames] = None,
        max_gap: float = 0.5,
        fill_gaps: float = 0.5,
        person_thr: float = 0.1,
        stature: float = 1.7,
    ) -> None:
        if not 0 < rate < float('inf'):
            raise ValueError(f'rate: expected frames a second, got {rate}')
        seconds(max_gap=max_gap, fill_gaps=fill_gaps)
        check_stature(stature)
        self.inferencer = inferencer
        self.rate = rate
        self._gap = round(fill_gaps * rate)
        self.delay = self._checked_delay(delay)
        self.stature = stature
        tracker = PeopleTracker(
            inferencer.estimator.dataset_meta,
            max_gap=round(max_gap * rate),
            keep=inferencer.lifter.frames + self.delay,
        )
        self._finder = PeopleFinder(
            inferencer.estimator,
            tracker,
            boxes=None if boxes is None else FrameBoxes(boxes),
            person_thr=person_thr,
            batch_size=1,
        )
        self._tracks: Dict[int, GrowingTrack] = {}
        self._next = 0
        self._size = (0, 0)

    @property
    def delay_seconds(self) -> float:
        """How long after a frame its poses come, but for the time to compute them."""
        return self.delay / self.rate

    def _checked_delay(self, delay: Optional[int]) -> int:
        lifter = self.inferencer.lifter
        if lifter.gives_all_frames:
            most = lifter.frames - 1
            usual = min(lifter.frames // 2, round(self.rate / 2))
        else:
            most = usual = lifter.frames - 1 - int(lifter.used[0])
        if delay is None:
            return usual
        if delay != int(delay) or not 0 <= delay <= most:
            raise ValueError(
                f'delay: expected 0 to {most} frames, as many as the lifter looks '
                f'ahead, got {delay}'
            )
        return delay

    def push(self, image: Image) -> List[StreamedPose]:
        """Take a frame.

        Args:
            image: ``(height, width, 3)``, uint8, BGR, as large as those before.

        Returns:
            Poses of the people in the frame that came ``delay`` frames before; none
            before there is one.

        Raises:
            ValueError: for an image of another size, or what is none.
        """
        shape = (*self._size[::-1], 3) if self._next else None
        check_frame(image, self._next, shape)
        self._size = (image.shape[1], image.shape[0])
        self._finder.find_in(self._next, image)
        for track in self._finder.tracker.active:
            self._tracks[track.track] = track
        self._next += 1
        return self._poses(self._next - 1 - self.delay)

    def finish(self) -> Iterator[List[StreamedPose]]:
        """Poses of the last ``delay`` frames, when no more will come."""
        for frame in range(max(0, self._next - self.delay), self._next):
            yield self._poses(frame)

    def _poses(self, frame: int) -> List[StreamedPose]:
        if frame < 0:
            return []
        self._tracks = {
            number: track
            for number, track in self._tracks.items()
            # Who is seen again comes back with the next frame.
            if track.last_frame >= frame
        }
        poses = (self._pose(track, frame) for track in self._tracks.values())
        return [pose for pose in poses if pose is not None]

    def _pose(self, track: GrowingTrack, frame: int) -> Optional[StreamedPose]:
        known = track.whole()
        row = frame - int(known.frames[0])
        parts = known.segments(self._gap)
        part = next((one for one in parts if one.start <= row < one.stop), None)
        if part is None:
            return None
        lifter = self.inferencer.lifter
        last = part.stop - 1
        everything = lifter.gives_all_frames
        first = last - lifter.frames + 1 if everything else row - int(lifter.used[0])
        rows = np.arange(first, first + lifter.frames).clip(part.start, last)
        keypoints, scores = self.inferencer.converter(known.keypoints, known.scores)
        poses = lifter.window(
            keypoints[rows], scores[rows], known.boxes[rows], self._size
        )
        if lifter.in_pixels:
            links = self.inferencer.links
            poses = in_metres(poses, links, rate=self.rate, stature=self.stature)
        return StreamedPose(
            track=track.track,
            frame=frame,
            lifted_2d=keypoints[row],
            scores=scores[row],
            box=known.boxes[row],
            seen=bool(known.seen[row]),
            keypoints_3d=poses[row - first if everything else 0],
        )
