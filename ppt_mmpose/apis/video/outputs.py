"""Where the motion of a video goes: files of each person, and pictures."""

from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Callable, Dict, Iterable, List, Optional, Sequence, Union

import cv2
import numpy as np

from ...frames import Image, VideoWriter
from ...motion_files import FORMATS, MotionWriter, Recording, open_writer
from ...visualization.panels import grid_of_panels
from ...visualization.people_painter import PeoplePainter
from ...visualization.scene import Scene, fit_scene
from ...visualization.skeleton_3d import SkeletonPicture
from .motion import UP, PersonMotion, VideoMotion

MOTION_FORMATS = tuple(suffix.lstrip('.') for suffix in FORMATS)
# Those of which the file's axes can be turned so that up is up.
_TURNED = ('trc', 'bvh')
# Of a picture in 3D, px.
_PANEL = 480
# People whose poses are drawn beside each other.
_MOST_PANELS = 4
_MOMENTS = 6
# Seen by the camera of the video, a little from the side.
_AZIMUTH, _ELEVATION = -70.0, 10.0


def write_motion(
    motion: VideoMotion, folder: Union[str, Path], formats: Sequence[str]
) -> List[Path]:
    """Write ``person_TRACK.FORMAT`` of each person.

    Args:
        motion: what was found.
        folder: is made.
        formats: some of `MOTION_FORMATS`.

    Returns:
        The files.

    Raises:
        ValueError: for an unknown format.
    """
    check_formats(formats)
    files = []
    for person in motion.people:
        for name in dict.fromkeys(formats):
            with person_writer(folder, person.track, name, motion.recording) as writer:
                for instant in person.instants():
                    writer.write(instant)
            files.append(writer.path)
            if name == 'csv':
                files.append(writer.path.with_name(f'{writer.path.stem}_2d.csv'))
    return files


def person_writer(
    folder: Union[str, Path], track: int, name: str, recording: Recording
) -> MotionWriter:
    """Of ``person_TRACK.FORMAT``; up is up for programs that expect it.

    Args:
        folder: for the file.
        track: the person's number.
        name: of the format.
        recording: of the lifter's joints.
    """
    options: Dict[str, Any] = dict(up=UP) if name in _TURNED else {}
    return open_writer(Path(folder) / f'person_{track}.{name}', recording, **options)


def check_folder(folder: Union[str, Path]) -> None:
    """Find out at once whether files can be written to a folder, and leave no trace.

    Raises:
        OSError: naming what stands in the way.
    """
    folder = Path(folder)
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=folder).close()
    finally:
        for one in missing:
            if one.is_dir():
                one.rmdir()


def check_formats(formats: Sequence[str]) -> None:
    """Refuse formats that there are not.

    Raises:
        ValueError: naming it, and those that there are.
    """
    for name in formats:
        if name not in MOTION_FORMATS:
            raise ValueError(
                f'formats: expected some of {", ".join(MOTION_FORMATS)}, got {name}'
            )


class MotionPictures:
    """Draws frames of a video, with the people in it, and their poses.

    Args:
        motion: what was found.
        threshold: 2D keypoints with a lower score are not drawn.
    """

    def __init__(self, motion: VideoMotion, *, threshold: float = 0.3) -> None:
        self.motion = motion
        self._painter = PeoplePainter(
            motion.dataset_meta_2d, motion.size[1], threshold=threshold
        )
        shown = [person for person in motion.people if person.found.any()]
        shown.sort(key=lambda person: -int(person.found.sum()))
        self.shown = sorted(shown[:_MOST_PANELS], key=lambda person: person.track)
        self._poses = {one.track: self._picture(one) for one in self.shown}

    def overlay(self, image: Image, frame: int) -> Image:
        """People on the image of a frame, RGB; those who were seen in it."""
        there = [one for one in self.motion.at(frame) if one[0].seen[one[1]]]
        keypoints = [person.keypoints_2d[row] for person, row in there]
        return self._painter.draw(
            image,
            np.array(keypoints),
            np.array([person.scores[row] for person, row in there]),
            np.array([person.boxes[row] for person, row in there]).reshape(-1, 4),
            [str(person.track) for person, _ in there],
        )

    def poses(self, frame: int) -> List[Image]:
        """Pictures in 3D of those who are `shown`, white without a pose."""
        pictures = []
        for person in self.shown:
            row = frame - int(person.frames[0])
            found = 0 <= row < len(person.frames) and bool(person.found[row])
            joints = person.keypoints_3d.shape[1]
            pictures.append(
                self._poses[person.track].draw(
                    person.keypoints_3d[row] if found else np.zeros((joints, 3)),
                    np.full(joints, found),
                    title=f'person {person.track}, frame {frame}',
                )
            )
        return pictures

    def together(self, image: Image, frame: int) -> Image:
        """The overlay, scaled, and the poses beside it."""
        drawn = self.overlay(image, frame)
        width = round(_PANEL * drawn.shape[1] / drawn.shape[0])
        left = cv2.resize(drawn, (width, _PANEL), interpolation=cv2.INTER_AREA)
        return np.hstack([left, *self.poses(frame)])

    def moments(self, person: PersonMotion) -> Image:
        """Poses of a person at moments from the first to the last, in one picture."""
        rows = np.flatnonzero(person.found)
        places = np.linspace(0, len(rows) - 1, _MOMENTS).round().astype(int)
        picture = self._poses[person.track]
        panels = []
        for row in rows[places].tolist():
            found = np.ones(person.keypoints_3d.shape[1], bool)
            drawn = picture.draw(person.keypoints_3d[row], found)
            frame = int(person.frames[row])
            panels.append((drawn, f'{frame / self.motion.rate:.2f} s'))
        half = (len(panels) + 1) // 2
        return grid_of_panels([panels[:half], panels[half:]])

    def _picture(self, person: PersonMotion) -> SkeletonPicture:
        return SkeletonPicture(
            self.motion.dataset_meta,
            scene_of(person),
            size=(_PANEL, _PANEL),
            azimuth=_AZIMUTH,
            elevation=_ELEVATION,
        )


def scene_of(person: PersonMotion) -> Scene:
    """The box around all poses of a person but those that went far wrong.

    Args:
        person: with a pose at least.
    """
    points = person.keypoints_3d[person.found]
    # Single frames that went wrong do not make everything small.
    reach = np.percentile(np.abs(points).max((1, 2)), 95)
    inside = np.abs(points).max((1, 2)) <= reach
    around = points[inside] if inside.any() else points
    corners = np.stack([around.min((0, 1)), around.max((0, 1))])
    return fit_scene(corners, np.ones(len(corners)), up=UP)


def write_pictures(
    motion: VideoMotion,
    frames: Iterable[Image],
    folder: Union[str, Path],
    *,
    overlays: bool = True,
    world: bool = False,
    threshold: float = 0.3,
    progress: Optional[Callable[[int], None]] = None,
) -> List[Path]:
    """Go through the frames once more, and draw.

    Args:
        motion: what was found.
        frames: of the video, BGR, again from the first.
        folder: for ``overlays.mp4``; with ``world``, ``world.mp4``, the overlay with
            the poses beside it, and ``person_TRACK.png``, six moments of each.
        overlays: write the overlays.
        world: draw poses.
        threshold: see `MotionPictures`.
        progress: told the number of frames that are done.

    Returns:
        The files.
    """
    folder = Path(folder)
    pictures = MotionPictures(motion, threshold=threshold)
    painters: Dict[str, Callable[[Image, int], Image]] = {}
    if overlays:
        painters['overlays.mp4'] = pictures.overlay
    if world:
        painters['world.mp4'] = pictures.together
    writers = {name: VideoWriter(folder / name, motion.rate) for name in painters}
    try:
        for number, frame in enumerate(frames):
            image = np.ascontiguousarray(frame[..., ::-1])
            for name, paint in painters.items():
                writers[name].write(paint(image, number))
            if progress is not None:
                progress(number + 1)
    finally:
        for writer in writers.values():
            writer.close()
    files = [folder / name for name in painters]
    if world:
        files += [_written(folder, pictures, person) for person in pictures.shown]
    return files


def _written(folder: Path, pictures: MotionPictures, person: PersonMotion) -> Path:
    path = folder / f'person_{person.track}.png'
    picture = cv2.cvtColor(pictures.moments(person), cv2.COLOR_RGB2BGR)
    path.write_bytes(cv2.imencode('.png', picture)[1].tobytes())
    return path
