"""What a video inferencer finds: people, and their poses over time."""

from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Tuple

import numpy as np

from ...motion_files import Instant, Recording
from .tracks import Track2D

# Lifters look along the camera: y goes down.
UP = '-y'


def instant_of(
    frame: int,
    keypoints_3d: np.ndarray,
    lifted_2d: np.ndarray,
    scores: np.ndarray,
    box: np.ndarray,
    *,
    seen: bool,
    found: bool = True,
) -> Instant:
    """Somebody in a frame of one camera, as motion files have it.

    Args:
        frame: its number.
        keypoints_3d: ``(J, 3)``, m.
        lifted_2d: ``(J, 2)``, px, the joints that the lifter got.
        scores: ``(J,)``, of them.
        box: ``(4,)``, px.
        seen: whether the person was seen in the frame.
        found: whether there is a pose.
    """
    joints = np.full(len(scores), found)
    return Instant(
        index=frame,
        name=f'{frame:06d}',
        keypoints_3d=keypoints_3d,
        found=joints,
        keypoints_2d=lifted_2d[None],
        scores=scores[None],
        errors=np.zeros((1, len(scores))),
        used=(joints & seen)[None],
        boxes=box[None],
        seen=np.array([seen]),
    )


@dataclass(frozen=True, eq=False)
class PersonMotion:
    """One person, in the F frames from the first with it to the last.

    Attributes:
        track: its number, from 0.
        frames: ``(F,)``, int64, one after another.
        keypoints_2d: ``(F, J2, 2)``, px, of the 2D model.
        scores: ``(F, J2)``; 0 where the person was not seen.
        boxes: ``(F, 4)``, px.
        seen: ``(F,)``, bool; elsewhere 2D keypoints are on a straight line.
        lifted_2d: ``(F, J, 2)``, px, the joints that the lifter got.
        lifted_scores: ``(F, J)``.
        keypoints_3d: ``(F, J, 3)``, m, from the root, in the axes of the camera: x to
            the right, y down, z away from it.
        found: ``(F,)``, bool; False, and zeros, in gaps that were too long to fill.
    """

    track: int
    frames: np.ndarray
    keypoints_2d: np.ndarray
    scores: np.ndarray
    boxes: np.ndarray
    seen: np.ndarray
    lifted_2d: np.ndarray
    lifted_scores: np.ndarray
    keypoints_3d: np.ndarray
    found: np.ndarray

    def instants(self) -> Iterator[Instant]:
        """As motion files have it: one view, the lifter's joints, all frames."""
        for row, frame in enumerate(self.frames.tolist()):
            yield instant_of(
                frame,
                self.keypoints_3d[row],
                self.lifted_2d[row],
                self.lifted_scores[row],
                self.boxes[row],
                seen=bool(self.seen[row]),
                found=bool(self.found[row]),
            )


@dataclass(frozen=True, eq=False)
class VideoMotion:
    """The people of a video.

    Attributes:
        people: by their tracks' numbers.
        length: frames of the video.
        size: ``(width, height)``, px.
        rate: frames a second.
        recording: the lifter's joints, for motion files; one camera, ``camera``.
        dataset_meta: of the lifter's joints.
        dataset_meta_2d: of the 2D model's keypoints.
    """

    people: List[PersonMotion]
    length: int
    size: Tuple[int, int]
    rate: float
    recording: Recording
    dataset_meta: Dict[str, Any]
    dataset_meta_2d: Dict[str, Any]

    def at(self, frame: int) -> List[Tuple[PersonMotion, int]]:
        """Who is in a frame, and in which row of theirs it is."""
        there = []
        for person in self.people:
            row = frame - int(person.frames[0])
            if 0 <= row < len(person.frames):
                there.append((person, row))
        return there


@dataclass(frozen=True, eq=False)
class VideoTracks:
    """The people of a video in 2D.

    Attributes:
        tracks: of the people.
        length: frames of the video.
        size: ``(width, height)``, px.
        rate: frames a second.
    """

    tracks: List[Track2D]
    length: int
    size: Tuple[int, int]
    rate: float
