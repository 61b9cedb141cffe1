"""The people of a video: drawn on it, in 3D, and in files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Callable, List, Optional

import cv2
import numpy as np
import plotly.graph_objects as go

from ..apis.video import MOTION_FORMATS, VideoMotion, describe, write_motion
from ..apis.video.outputs import MotionPictures, scene_of
from ..frames import Image, VideoWriter, frame_stream
from .given_models import GivenModels
from .skeleton_figure import moving_figure

# Of the video on the page, px, its longer side.
LARGEST = 960
# Told what is done, 0 to 1, and its name.
Progress = Callable[[float, str], None]
_PASSES = {'2D': 'Finding people', '3D': 'Finding poses'}


@dataclass(frozen=True, eq=False)
class VideoView:
    """What is shown of a video.

    Attributes:
        motion: what was found.
        video: a file that browsers can show, with skeletons.
        files: of each person, in all formats.
    """

    motion: VideoMotion
    video: Path
    files: List[Path]

    @property
    def text(self) -> str:
        """What was found, as a list in Markdown."""
        first, *others = describe(self.motion).splitlines()
        return '\n'.join([first, '', *(f'- {line}' for line in others)])

    @property
    def people(self) -> List[int]:
        """Numbers of the people who have poses."""
        return [one.track for one in self.motion.people if one.found.any()]

    def figure(self, track: Optional[int]) -> Optional[go.Figure]:
        """The motion of a person in 3D; None of nobody.

        Args:
            track: the person's number, one of `people`; or None.
        """
        for person in self.motion.people:
            if person.track == track:
                return moving_figure(
                    self.motion.dataset_meta,
                    scene_of(person),
                    person.keypoints_3d,
                    person.found,
                    numbers=person.frames.tolist(),
                    rate=self.motion.rate,
                )
        return None


def view_video(
    models: GivenModels,
    video: str,
    folder: Path,
    *,
    boxes: Optional[np.ndarray] = None,
    progress: Optional[Progress] = None,
) -> VideoView:
    """Find the people of a video.

    Args:
        models: with a 2D model of single images and a lifter.
        video: its file.
        folder: for files, is made.
        boxes: ``(n, 4)``, px, of the people in the first frame, who are then looked for
            where they were; None leaves it to the detector, and without one a person
            fills the frames.
        progress: told what is done.

    Raises:
        ValueError: for a file that is no video.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tell: Progress = progress or (lambda done, name: None)

    def passed(name: str, done: int, total: Optional[int]) -> None:
        tell(done / max(done, total or done, 1), _PASSES.get(name, name))

    given = None if boxes is None else {0: boxes}
    motion = models.videos(video, progress=passed, boxes=given)
    files = write_motion(motion, folder, MOTION_FORMATS)
    shown = folder / 'people.webm'
    pictures = MotionPictures(motion)
    with VideoWriter(shown, motion.rate) as writer:
        for number, frame in enumerate(frame_stream(video)):
            rgb = np.ascontiguousarray(frame[..., ::-1])
            writer.write(_fitted(pictures.overlay(rgb, number)))
            tell((number + 1) / max(number + 1, motion.length), 'Drawing')
    return VideoView(motion, shown, files)


def _fitted(image: Image) -> Image:
    factor = LARGEST / max(image.shape)
    if factor >= 1:
        return image
    small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)
