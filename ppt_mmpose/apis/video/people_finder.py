"""The people of the frames of a video, by any 2D model."""

from typing import Iterable, Iterator, List, Optional, Sequence, Tuple

import numpy as np

from ...frames import Image
from ...frames.batches import in_batches
from ..pose_2d import Estimator2D, People
from ..pose_2d.people import joined
from .frame_boxes import FrameBoxes
from .tracking import PeopleTracker

# The sides of a box in those of its keypoints, as of MMPose's top-down datasets.
_PADDING = 1.25
Found = Tuple[int, Image, People, List[int]]


class PeopleFinder:
    """Finds the people of each frame, and who they are.

    Where people are is told, in this order, by ``boxes`` of the frame; where boxes are
    given for other frames, by where they were seen last; by the detector, or by a model
    that finds people itself; or one person fills the image.

    Args:
        estimator: of 2D keypoints.
        tracker: takes the people.
        boxes: of some frames.
        person_thr: people whose keypoints' mean score is lower are none.
        batch_size: frames that go through the model at once; 1 with ``boxes``.

    Raises:
        ValueError: for boxes with a model that finds people itself, or a batch size
            that is none.
    """

    def __init__(
        self,
        estimator: Estimator2D,
        tracker: PeopleTracker,
        *,
        boxes: Optional[FrameBoxes] = None,
        person_thr: float = 0.1,
        batch_size: int = 8,
    ) -> None:
        if boxes is not None and not estimator.top_down:
            raise ValueError(
                'boxes: expected None with a model that finds people itself'
            )
        if not person_thr >= 0:
            raise ValueError(f'person_thr: expected 0 or more, got {person_thr}')
        if batch_size < 1:
            raise ValueError(f'batch_size: expected 1 or more, got {batch_size}')
        self.estimator = estimator
        self.tracker = tracker
        self.person_thr = person_thr
        self._boxes = boxes
        self._batch_size = 1 if boxes is not None else batch_size

    def find(self, frames: Iterable[Image]) -> Iterator[Found]:
        """Go through frames, reading them as they are needed.

        Args:
            frames: ``(height, width, 3)``, uint8, BGR, all of one size.

        Yields:
            The frame's number from 0, itself, its people, and their tracks' numbers.
        """
        for batch in in_batches(enumerate(frames), self._batch_size):
            images = [image for _, image in batch]
            for (number, image), people in zip(batch, self._people(batch, images)):
                people = self._checked(people, image)
                yield number, image, people, self.tracker.add(number, people)

    def find_in(self, number: int, image: Image) -> Tuple[People, List[int]]:
        """The people of one frame, and their tracks' numbers; see `find`."""
        people = self._checked(self._people([(number, image)], [image])[0], image)
        return people, self.tracker.add(number, people)

    def _people(
        self, batch: Sequence[Tuple[int, Image]], images: Sequence[Image]
    ) -> List[People]:
        if not self.estimator.top_down:
            return self.estimator.everybody(images)
        if self._boxes is not None:
            ((number, image),) = batch
            boxes = self._boxes.of(number)
            where = [self._followed(number, image) if boxes is None else boxes]
        elif self.estimator.detects:
            where = self.estimator.detect(images)
        else:
            where = [_whole(image) for image in images]
        repeated = [image for image, of in zip(images, where) for _ in of]
        flat = [box for of in where for box in of]
        persons = iter(self.estimator.in_boxes(repeated, flat) if flat else [])
        joints = len(self.estimator.dataset_meta['keypoint_id2name'])
        return [joined([next(persons) for _ in of], joints) for of in where]

    def _followed(self, number: int, image: Image) -> np.ndarray:
        """Where those are expected who are not lost yet ``(n, 4)``: as seen last."""
        height, width = image.shape[:2]
        expected = []
        for track in self.tracker.active:
            if number - track.last_frame <= self.tracker.max_gap + 1:
                points = track.last(1)[1][0]
                low, high = points.min(0), points.max(0)
                middle, half = (low + high) / 2, _PADDING * (high - low) / 2
                low = np.maximum(middle - half, 0)
                high = np.minimum(middle + half, (width, height))
                if (high > low).all():
                    expected.append(np.concatenate([low, high]))
        return np.array(expected, np.float32).reshape(-1, 4)

    def _checked(self, people: People, image: Image) -> People:
        """Those who are there, with keypoints in or near the image."""
        size = np.array(image.shape[1::-1])
        # Comparisons with values that are no numbers are False.
        near = (people.keypoints >= -size) & (people.keypoints <= 2 * size)
        finite = near.all(-1) & np.isfinite(people.scores)
        scores = np.where(finite, people.scores, 0)
        keypoints = np.where(finite[..., None], people.keypoints, np.nan)
        there = (scores.mean(1) >= self.person_thr) & finite.any(1)
        # A keypoint without a place is put where the others are.
        middles = np.nanmean(keypoints[there], axis=1, keepdims=True)
        keypoints = np.where(np.isnan(keypoints[there]), middles, keypoints[there])
        boxes = np.asarray(people.boxes[there], np.float64)
        around = np.concatenate([keypoints.min(1), keypoints.max(1)], 1)
        boxes = np.where(np.isfinite(boxes).all(1, keepdims=True), boxes, around)
        boxes = boxes.clip(np.tile(-size, 2), np.tile(2 * size, 2))
        return People(keypoints, scores[there], boxes)


def _whole(image: Image) -> np.ndarray:
    return np.array([[0, 0, image.shape[1], image.shape[0]]], np.float32)
