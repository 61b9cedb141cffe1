"""A recording of several cameras as a folder of plain files.

The layout is described in ``docs/multiview_folders.md``.
"""

from functools import cached_property
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Tuple, Union

from ...calibration import Calibration, read_calibration
from ...frames.reading import VideoFile, by_stem, images_in, is_video
from .joining import equal_length, equal_rate, instant_name, joined_by_name
from .labels import Keypoints3D, read_keypoints_2d, read_keypoints_3d

KEYPOINTS_2D = 'keypoints_2d.json'
KEYPOINTS_3D = 'keypoints_3d.npz'


class MultiViewFolder:
    """What lies in such a folder; images are not read.

    Args:
        path: of the folder.
        calibration: in place of the file in the folder.

    Attributes:
        path: of the folder.
        calibration: whose cameras are those of the recording.
        videos: of each camera in the calibration's order; empty where the recording is
            one of images.
        rate: instants a second, from the videos; None where it is not known.

    Raises:
        ValueError: if the folder has no calibration or several, if its views are not
            the calibration's cameras, or if videos differ in length or rate.
    """

    def __init__(
        self, path: Union[str, Path], *, calibration: Optional[Calibration] = None
    ) -> None:
        self.path = Path(path)
        if not self.path.is_dir():
            raise ValueError(f'{self.path}: expected a folder, got none')
        if calibration is None:
            calibration = read_calibration(self._calibration_path())
        self.calibration = calibration
        # An image at the top, as a picture of the set-up, belongs to no view.
        entries = [p for p in sorted(self.path.iterdir()) if p.name[0] != '.']
        folders = {p.name: images_in(p) for p in entries if p.is_dir()}
        folders = {name: images for name, images in folders.items() if images}
        videos = by_stem(filter(is_video, entries))
        self._check_cameras(folders, videos)
        names = self.calibration.names
        self.videos = {name: videos[name] for name in names if videos}
        self._images = {name: folders[name] for name in names if folders}
        self.rate, self._length = self._timing()

    def _calibration_path(self) -> Path:
        found = [
            path
            for path in sorted(self.path.iterdir())
            if path.name.lower().startswith('calib') and not _is_view(path)
        ]
        if len(found) != 1:
            names = ', '.join(path.name for path in found) or 'none'
            raise ValueError(
                f'{self.path}: expected one calibration whose name begins with calib, '
                f'as calibration.toml, got {names}'
            )
        return found[0]

    def _check_cameras(
        self, folders: Mapping[str, object], videos: Mapping[str, object]
    ) -> None:
        cameras = self.calibration.names
        for name in (*folders, *videos):
            if name not in cameras:
                raise ValueError(
                    f'{self.path}: expected views of the cameras of the calibration, '
                    f'{", ".join(cameras)}, got {name!r}'
                )
        if folders and videos:
            raise ValueError(
                f'{self.path}: expected all views as folders of images or all as '
                f'videos, got folders of {", ".join(folders)} and videos of '
                f'{", ".join(videos)}'
            )
        lacking = [name for name in cameras if name not in (folders or videos)]
        if lacking:
            raise ValueError(
                f'{self.path}: expected a folder with images or a video of each '
                f'camera of the calibration, got none of {", ".join(lacking)}'
            )

    def _timing(self) -> Tuple[Optional[float], Optional[int]]:
        videos = {name: VideoFile(path) for name, path in self.videos.items()}
        if not videos:
            return None, None
        try:
            return (
                equal_rate({name: video.rate for name, video in videos.items()}),
                equal_length({name: video.length for name, video in videos.items()}),
            )
        except ValueError as error:
            raise ValueError(f'{self.path}: {error}') from None

    @cached_property
    def instants(self) -> Tuple[str, ...]:
        """The names of all instants, in order.

        Those of images are the stems of the files, in all views together; those of
        videos are numbers of frames.

        Raises:
            ValueError: if no two views share a stem, or if a video does not tell how
                many frames it has.
        """
        if not self.videos:
            try:
                return tuple(joined_by_name(self._images))
            except ValueError as error:
                raise ValueError(f'{self.path}: {error}') from None
        if self._length is None:
            raise ValueError(
                f'{self.path}: expected videos that tell their number of frames'
            )
        return tuple(map(instant_name, range(self._length)))

    def images(self, instant: str) -> Dict[str, Optional[Path]]:
        """The image of each camera; None where the view lacks this instant.

        Raises:
            ValueError: for an instant that no view has, or a recording of videos.
        """
        if self.videos:
            raise ValueError(
                f'{self.path}: expected folders of images, got videos; '
                'tools/make_multiview_folder.py cuts them to images'
            )
        found = {name: files.get(instant) for name, files in self._images.items()}
        if not any(found.values()):
            raise ValueError(
                f'{self.path}: expected an instant of {self.instants[0]} to '
                f'{self.instants[-1]}, got {instant!r}'
            )
        return found

    @cached_property
    def keypoints_2d(self) -> Optional[Dict[str, Any]]:
        """COCO's person-keypoint labels; None where there are none.

        Raises:
            ValueError: naming the file and what is wrong with it.
        """
        path = self.path / KEYPOINTS_2D
        if not path.exists():
            return None
        return read_keypoints_2d(path, self.calibration.names, self.instants)

    @cached_property
    def keypoints_3d(self) -> Optional[Keypoints3D]:
        """Keypoints in the world; None where there are none.

        Raises:
            ValueError: naming the file and what is wrong with it.
        """
        path = self.path / KEYPOINTS_3D
        return read_keypoints_3d(path, self.instants) if path.exists() else None

    def describe(self) -> str:
        """What there is, in a few lines, after a check of all labels.

        Raises:
            ValueError: if labels are wrong.
        """
        names, count = self.calibration.names, len(self.instants)
        kind = 'videos' if self.videos else 'images'
        lines = [
            f'{len(names)} cameras: {", ".join(names)}',
            f'{count} instants as {kind}: {self.instants[0]} to {self.instants[-1]}',
        ]
        for name, files in self._images.items():
            if len(files) < count:
                lines.append(f'{name} lacks {count - len(files)} of them')
        if self.keypoints_2d is not None:
            people, images = (
                len(self.keypoints_2d[field]) for field in ('annotations', 'images')
            )
            lines.append(f'{KEYPOINTS_2D}: {images} images, people: {people}')
        if self.keypoints_3d is not None:
            labelled, joints = self.keypoints_3d.visible.shape
            lines.append(f'{KEYPOINTS_3D}: {joints} keypoints of {labelled} instants')
        return '\n'.join(lines)


def _is_view(path: Path) -> bool:
    return bool(images_in(path)) if path.is_dir() else is_video(path)
