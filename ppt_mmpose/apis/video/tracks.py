"""People over time: what was found of each, with its gaps."""

from dataclasses import dataclass
from typing import List, Tuple

import numpy as np


@dataclass(frozen=True, eq=False)
class Track2D:
    """One person in a video, from the first frame with it to the last one.

    Attributes:
        track: its number, from 0.
        frames: ``(F,)``, int64, one after another without a gap.
        keypoints: ``(F, J, 2)``, px; between frames that were seen, on a straight line.
        scores: ``(F, J)``; 0 where the person was not seen.
        boxes: ``(F, 4)``, px, ``(left, top, right, bottom)``.
        seen: ``(F,)``, bool.
    """

    track: int
    frames: np.ndarray
    keypoints: np.ndarray
    scores: np.ndarray
    boxes: np.ndarray
    seen: np.ndarray

    def segments(self, max_gap: int) -> List[slice]:
        """Stretches of the track without a gap longer than ``max_gap`` frames."""
        places = np.flatnonzero(self.seen)
        breaks = np.flatnonzero(np.diff(places) > max_gap + 1)
        starts = places[np.concatenate([[0], breaks + 1])]
        ends = places[np.concatenate([breaks, [len(places) - 1]])] + 1
        return [slice(int(a), int(b)) for a, b in zip(starts, ends)]


class GrowingTrack:
    """Takes a person frame by frame, in 4 bytes a number.

    Args:
        track: its number.
    """

    def __init__(self, track: int) -> None:
        self.track = track
        self._frames: List[int] = []
        self._found: List[np.ndarray] = []

    def __len__(self) -> int:
        return len(self._frames)

    @property
    def last_frame(self) -> int:
        """The newest frame."""
        return self._frames[-1]

    def add(
        self, frame: int, keypoints: np.ndarray, scores: np.ndarray, box: np.ndarray
    ) -> None:
        """Add what was found in a frame.

        Args:
            frame: its number, greater than those before.
            keypoints: ``(J, 2)``, px.
            scores: ``(J,)``.
            box: ``(4,)``, px.
        """
        self._frames.append(frame)
        row = np.concatenate([keypoints.ravel(), scores, box]).astype(np.float32)
        self._found.append(row)

    def last(self, count: int) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The newest frames: their numbers, keypoints ``(n, J, 2)`` and boxes."""
        keypoints, _, boxes = _unpacked(np.stack(self._found[-count:]))
        return np.array(self._frames[-count:]), keypoints, boxes

    def forget_before(self, frame: int) -> None:
        """Drop what is older than a frame, of a stream."""
        first = int(np.searchsorted(self._frames, frame))
        del self._frames[:first], self._found[:first]

    def whole(self) -> Track2D:
        """Everything, with straight lines over the gaps."""
        places = np.array(self._frames, np.int64)
        keypoints, scores, boxes = _unpacked(np.stack(self._found))
        frames = np.arange(places[0], places[-1] + 1)
        seen = np.zeros(len(frames), bool)
        seen[places - places[0]] = True
        known = np.where(np.isfinite(scores), scores, 0)
        filled = np.zeros((len(frames), known.shape[1]), known.dtype)
        filled[seen] = known
        return Track2D(
            track=self.track,
            frames=frames,
            keypoints=_on_lines(keypoints, places, frames),
            scores=filled,
            boxes=_on_lines(boxes, places, frames),
            seen=seen,
        )


def _unpacked(rows: np.ndarray) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    joints = (rows.shape[1] - 4) // 3
    places, scores, boxes = np.split(rows, [2 * joints, 3 * joints], axis=1)
    return places.reshape(len(rows), joints, 2), scores, boxes


def _on_lines(values: np.ndarray, at: np.ndarray, frames: np.ndarray) -> np.ndarray:
    """Values in all frames; those that are no numbers count as not there."""
    flat = values.reshape(len(values), -1)
    filled = np.zeros((len(frames), flat.shape[1]), values.dtype)
    for column, one in enumerate(flat.T):
        known = np.isfinite(one)
        if known.any():
            filled[:, column] = np.interp(frames, at[known], one[known])
    return filled.reshape(len(frames), *values.shape[1:])
