"""A video from its file to files, with progress bars: what the tool does."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Mapping, Optional, Sequence, Union

from tqdm import tqdm

from ...frames import frame_stream
from .inferencer import Progress, VideoPoseInferencer
from .motion import VideoMotion
from .outputs import (
    MOTION_FORMATS,
    check_folder,
    check_formats,
    write_motion,
    write_pictures,
)


def run_video(
    inferencer: VideoPoseInferencer,
    video: Any,
    out_dir: Union[str, Path],
    *,
    formats: Sequence[str] = MOTION_FORMATS,
    overlays: bool = False,
    world: bool = False,
    threshold: float = 0.3,
    options: Optional[Mapping[str, Any]] = None,
    progress: Union[bool, Progress] = True,
) -> VideoMotion:
    """Find the poses in a video, and write them.

    Files of motion are there before pictures are drawn. Where nobody is found, there
    are no files but the overlays.

    Args:
        inferencer: of 2D keypoints and poses.
        video: see `VideoPoseInferencer`; for pictures one that can be read twice.
        out_dir: for all files: see `write_motion` and `write_pictures`.
        formats: some of `MOTION_FORMATS`.
        overlays: draw 2D keypoints on the frames.
        world: draw poses beside them.
        threshold: 2D keypoints with a lower score are not drawn.
        options: of `VideoPoseInferencer.__call__`.
        progress: show a bar for each pass; or a function that is told instead.

    Raises:
        OSError: at once, if nothing can be written there.
        ValueError: see `VideoPoseInferencer`; for an unknown format; for pictures of an
            iterator, which can be read only once.
    """
    check_formats(formats)
    check_folder(out_dir)
    if (overlays or world) and hasattr(video, '__next__'):
        raise ValueError(
            'video: expected frames that can be read twice, to draw on them, got an '
            'iterator'
        )
    with _Bars(progress is True) as bars:
        tell: Progress = progress if callable(progress) else bars.tell
        motion = inferencer(video, progress=tell, **(options or {}))
        write_motion(motion, out_dir, formats)
        if overlays or world:
            write_pictures(
                motion,
                frame_stream(video),
                out_dir,
                overlays=overlays,
                world=world and bool(motion.people),
                threshold=threshold,
                progress=lambda done: tell('drawn', done, motion.length),
            )
    return motion


def describe(motion: VideoMotion) -> str:
    """What was found, in lines of text."""
    seconds = motion.length / motion.rate
    lines = [
        f'{motion.length} frames of {motion.size[0]}x{motion.size[1]} px, '
        f'{seconds:.1f} s at {motion.rate:g} a second'
    ]
    if not motion.people:
        lines.append('nobody was found')
    for person in motion.people:
        first, last = int(person.frames[0]), int(person.frames[-1])
        lines.append(
            f'person {person.track}: frames {first} to {last}, seen in '
            f'{int(person.seen.sum())}, poses of {int(person.found.sum())}'
        )
    return '\n'.join(lines)


class _Bars(AbstractContextManager):
    """A bar for each pass, one below the other."""

    def __init__(self, shown: bool) -> None:
        self._shown = shown
        self._name = ''
        self._bar: Optional[tqdm] = None

    def tell(self, name: str, done: int, total: Optional[int]) -> None:
        """Show that so many frames of a pass are done."""
        if name != self._name:
            self.__exit__()
            self._name = name
            if self._shown:
                self._bar = tqdm(total=total, desc=name, unit='frame')
        if self._bar is not None:
            self._bar.update(done - self._bar.n)

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
