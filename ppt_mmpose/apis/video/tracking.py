"""Who is who from one frame to the next."""

from typing import Any, Dict, List, Optional

import numpy as np
import torch
from mmpose.evaluation.functional.nms import oks_iou
from scipy.optimize import linear_sum_assignment
from torchvision.ops import box_iou

from ..pose_2d import People
from .tracks import GrowingTrack

# Frames from which a person's speed is taken.
_SPEED_OVER = 5
# Where nobody moves for long without being seen, frames: speed is forgotten after it.
_COASTING = 10


class PeopleTracker:
    """Gives the people of each frame the numbers of tracks.

    A person is expected where its speed takes it. Of all ways to pair tracks with
    people, the one with the greatest sum of likeness is taken: the mean of the overlap
    of boxes and, where the dataset tells sigmas, of the similarity of keypoints (OKS).

    Args:
        dataset_meta: of the keypoints, as MMPose parses it.
        max_gap: frames for which somebody who is not seen is waited for.
        threshold: pairs that are less alike are no pairs.
        keep: frames of each track that are kept; all when None.

    Raises:
        ValueError: for a number out of its range.
    """

    def __init__(
        self,
        dataset_meta: Dict[str, Any],
        *,
        max_gap: int = 15,
        threshold: float = 0.2,
        keep: Optional[int] = None,
    ) -> None:
        if max_gap < 0:
            raise ValueError(f'max_gap: expected 0 frames or more, got {max_gap}')
        if not 0 <= threshold < 1:
            raise ValueError(f'threshold: expected 0 to 1, got {threshold}')
        sigmas = dataset_meta.get('sigmas')
        self._sigmas = None if sigmas is None or not len(sigmas) else sigmas
        self.max_gap = max_gap
        self.threshold = threshold
        self._keep = keep
        self._count = 0
        self.tracks: List[GrowingTrack] = []
        self.active: List[GrowingTrack] = []

    def add(self, frame: int, people: People) -> List[int]:
        """Take the people of a frame.

        Args:
            frame: its number, greater than those before.
            people: n of them.

        Returns:
            n numbers of tracks.
        """
        self.active = [
            track
            for track in self.active
            if frame - track.last_frame <= self.max_gap + 1
        ]
        owners: List[Optional[GrowingTrack]] = [None] * len(people.boxes)
        for row, person in self._pairs(frame, people):
            owners[person] = self.active[row]
        numbers = []
        for person, owner in enumerate(owners):
            track = self._new() if owner is None else owner
            track.add(
                frame,
                people.keypoints[person],
                people.scores[person],
                people.boxes[person],
            )
            if self._keep is not None:
                track.forget_before(frame - self._keep + 1)
            numbers.append(track.track)
        return numbers

    def _new(self) -> GrowingTrack:
        track = GrowingTrack(self._count)
        self._count += 1
        self.active.append(track)
        if self._keep is None:
            self.tracks.append(track)
        return track

    def _pairs(self, frame: int, people: People) -> List[tuple]:
        if not self.active or not len(people.boxes):
            return []
        likeness = np.stack([self._likeness(t, frame, people) for t in self.active])
        # Boxes without an area are like no other.
        likeness = np.nan_to_num(likeness)
        rows, columns = linear_sum_assignment(-likeness)
        good = likeness[rows, columns] > self.threshold
        return list(zip(rows[good], columns[good]))

    def _likeness(self, track: GrowingTrack, frame: int, people: People) -> np.ndarray:
        """Of a track and each of the n people, ``(n,)``, 0 to 1."""
        frames, keypoints, boxes = track.last(_SPEED_OVER)
        ahead = min(frame - frames[-1], _COASTING)
        span = max(1, frames[-1] - frames[0])
        speed = (keypoints[-1] - keypoints[0]).mean(0) / span
        box = boxes[-1] + np.tile(speed * ahead, 2)
        overlaps = box_iou(_boxes(box[None]), _boxes(people.boxes))[0].numpy()
        if self._sigmas is None:
            return overlaps
        expected = keypoints[-1] + speed * ahead
        with np.errstate(divide='ignore', invalid='ignore'):
            alike = oks_iou(
                _flat(expected[None])[0],
                _flat(people.keypoints),
                _area(boxes[-1:])[0],
                _area(people.boxes),
                sigmas=self._sigmas,
            )
        return np.asarray((overlaps + alike) / 2)


def _boxes(boxes: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.asarray(boxes, np.float64))


def _flat(keypoints: np.ndarray) -> np.ndarray:
    """As MMPose's OKS wants it: x, y and a score that it does not use."""
    ones = np.ones((*keypoints.shape[:2], 1))
    return np.concatenate([keypoints, ones], -1).reshape(len(keypoints), -1)


def _area(boxes: np.ndarray) -> np.ndarray:
    return np.asarray((boxes[:, 2:] - boxes[:, :2]).prod(1), np.float64)
