"""Where the results of a recording go: motion files and pictures."""

from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

import numpy as np

from ...frames import PictureFiles
from ...frames.reading import Image
from ...geometry.up_axis import up_vector
from ...motion_files import Instant, MotionWriter, open_writer
from ...visualization.multiview import ViewPainter
from ...visualization.scene import fit_scene
from ...visualization.skeleton_3d import SkeletonPicture
from .run import MultiViewRun

# No BVH: links of COCO's keypoints, which most 2D models find, are no tree.
MOTION_FORMATS = ('npz', 'csv', 'json', 'trc')
# Panels of the picture of all views, px.
_PANEL = 640
_ALL_VIEWS = 'views'
# Around the person from near, as a share of their size.
_ROOM = 0.35
# What is shown from near at least, to each side of the middle, m.
_LEAST = 0.25


class Overlays:
    """What was found, on the images of every view, and all views side by side.

    Writes ``views`` and one ``CAMERA`` each.

    Args:
        folder: for them.
        run: what is drawn.
        rate: for videos; None for single pictures.
        threshold: 2D keypoints with a lower score are not drawn.

    Raises:
        ValueError: for a camera of the name ``views``.
    """

    def __init__(
        self, folder: Path, run: MultiViewRun, rate: Optional[float], threshold: float
    ) -> None:
        meta = run.estimator.dataset_meta
        self._painter = ViewPainter(run.calibration, meta, threshold=threshold)
        self._names = run.calibration.names
        if _ALL_VIEWS in self._names:
            raise ValueError(
                f'overlays: expected no camera named {_ALL_VIEWS!r}, as the picture of '
                f'all views is, got {", ".join(self._names)}'
            )
        self._video = rate is not None
        self._sizes: List[Optional[tuple]] = list(run.calibration.image_sizes)
        self._files = {n: PictureFiles(folder / n, rate) for n in self._names}
        self._all = PictureFiles(folder / _ALL_VIEWS, rate)

    def write(self, instant: Instant, images: Sequence[Optional[Image]]) -> None:
        """Draw an instant on its images, BGR."""
        rgb = [
            None if i is None else np.ascontiguousarray(i[..., ::-1]) for i in images
        ]
        for view, (name, image) in enumerate(zip(self._names, rgb)):
            if image is not None:
                self._sizes[view] = self._sizes[view] or image.shape[1::-1]
            # A video has a frame for every instant; a folder has none without image.
            if image is not None or (self._video and self._sizes[view]):
                drawn = self._painter.draw_view(
                    image, instant, view, size=self._sizes[view]
                )
                self._files[name].write(instant.name, drawn)
        title = f'instant {instant.name}'
        together = self._painter.draw_views(rgb, instant, width=_PANEL, title=title)
        self._all.write(instant.name, together)

    def close(self) -> None:
        """Finish all files."""
        for files in (*self._files.values(), self._all):
            files.close()


class WorldPictures:
    """The person in 3D: on the left with the cameras around, on the right from near.

    The picture on the left stands still; that on the right goes with the person. Both
    are white until a person is found.

    Args:
        path: see `PictureFiles`.
        run: what is drawn.
        rate: for a video; None for single pictures.
        up: what is up in the world, as ``'+z'``; None where it is not known.
    """

    def __init__(
        self, path: Path, run: MultiViewRun, rate: Optional[float], up: Optional[str]
    ) -> None:
        self._files = PictureFiles(path, rate)
        self._meta = run.estimator.dataset_meta
        self._calibration = run.calibration
        self._up = up
        # The near one goes with the person over the floor, not up and down.
        self._along = np.ones(3) if up is None else up_vector(up) == 0
        self._pictures: Optional[Tuple[SkeletonPicture, SkeletonPicture]] = None

    def write(self, instant: Instant, images: Sequence[object] = ()) -> None:
        """Draw an instant; its images are left alone."""
        points, found = instant.keypoints_3d, instant.found
        if self._pictures is None and found.any():
            self._pictures = self._fitted(points, found)
        if self._pictures is None:
            picture = np.full((_PANEL, 2 * _PANEL, 3), 255, np.uint8)
        else:
            far, near = self._pictures
            title = f'instant {instant.name}'
            beside = near.draw(points - self._place(points, found), found)
            picture = np.hstack([far.draw(points, found, title=title), beside])
        self._files.write(instant.name, picture)

    def _fitted(
        self, points: np.ndarray, found: np.ndarray
    ) -> Tuple[SkeletonPicture, SkeletonPicture]:
        """Both pictures, for the person where it was found first."""
        size = (_PANEL, _PANEL)
        scene = fit_scene(points, found, up=self._up, calibration=self._calibration)
        far = SkeletonPicture(
            self._meta, scene, calibration=self._calibration, size=size
        )
        beside = (points - self._place(points, found))[found]
        # The first instant may have a single keypoint.
        around = np.add(np.median(beside, axis=0), [[-_LEAST], [_LEAST]])
        beside = np.concatenate([beside, around])
        scene = fit_scene(beside, np.ones(len(beside)), up=self._up, margin=_ROOM)
        return far, SkeletonPicture(self._meta, scene, size=size)

    def _place(self, points: np.ndarray, found: np.ndarray) -> np.ndarray:
        """Where the person is on the floor, or in the world without one ``(3,)``."""
        if not found.any():
            return np.zeros(3)
        return self._along * np.median(points[found], axis=0)

    def close(self) -> None:
        """Finish the video."""
        self._files.close()


class Outputs(AbstractContextManager):
    """Everything that is written of a recording, in one folder.

    Writes ``keypoints.FORMAT`` for each format, and on demand ``overlays`` and
    ``world``. What was written stays whole when the run breaks off.

    Args:
        folder: is made.
        run: what is written.
        formats: some of `MOTION_FORMATS`.
        overlays: draw what was found on the images.
        world: draw the person in 3D.
        video: whether pictures become videos; whether the views are, when None.
        up: what is up in the world, as ``'+z'``: turns TRC, and draws a floor.
        threshold: 2D keypoints with a lower score are not drawn.

    Raises:
        ValueError: for an unknown format; with overlays, for a camera named ``views``.
    """

    def __init__(
        self,
        folder: Union[str, Path],
        run: MultiViewRun,
        *,
        formats: Sequence[str] = MOTION_FORMATS,
        overlays: bool = False,
        world: bool = False,
        video: Optional[bool] = None,
        up: Optional[str] = None,
        threshold: float = 0.3,
    ) -> None:
        for name in formats:
            if name not in MOTION_FORMATS:
                raise ValueError(
                    f'formats: expected some of {", ".join(MOTION_FORMATS)}, got {name}'
                )
        folder = Path(folder)
        of_video = run.views.rate is not None if video is None else video
        rate = run.recording.rate if of_video else None
        self._motion: List[MotionWriter] = []
        for name in dict.fromkeys(formats):
            options: Dict[str, Any] = dict(up=up) if name == 'trc' else {}
            path = folder / f'keypoints.{name}'
            self._motion.append(open_writer(path, run.recording, **options))
        self._pictures: List[Union[Overlays, WorldPictures]] = []
        if overlays:
            self._pictures.append(Overlays(folder / 'overlays', run, rate, threshold))
        if world:
            self._pictures.append(WorldPictures(folder / 'world', run, rate, up))

    def write(self, instant: Instant, images: Sequence[Optional[Image]]) -> None:
        """Write an instant, and draw it on its images ``(V)``, BGR."""
        for motion in self._motion:
            motion.write(instant)
        for pictures in self._pictures:
            pictures.write(instant, images)

    def close(self) -> None:
        """Finish all files."""
        with ExitStack() as stack:
            for one in (*self._motion, *self._pictures):
                stack.callback(one.close)

    def __exit__(self, *error: object) -> None:
        self.close()
