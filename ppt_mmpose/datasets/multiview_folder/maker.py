"""Makes the plain folder of a recording from what cameras left behind."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Dict, Literal, Mapping, Optional, Tuple, Union

from rich.progress import track

from ...calibration import Calibration, write_calibration
from ...frames.reading import VideoFile, images_in, is_image, is_video, read_image
from .joining import equal_length, equal_rate, instant_name
from .layout import MultiViewFolder
from .selection import Selection, Source
from .writers import Frame, FrameWriter, ImageWriter, VideoWriter, link_or_copy

DEFAULT_RATE = 30.0  # frames a second, of videos made of images
Kind = Literal['images', 'videos']
Size = Tuple[int, int]


def make_folder(
    out: Union[str, Path],
    cameras: Mapping[str, Union[str, Path]],
    calibration: Calibration,
    *,
    selection: Optional[Selection] = None,
    kind: Kind = 'images',
    rate: Optional[float] = None,
    copy: bool = False,
) -> MultiViewFolder:
    """Make a folder that `MultiViewFolder` reads; it is there whole or not at all.

    Args:
        out: made; must not exist, or be empty.
        cameras: of each camera a folder of images, a video, or one image.
        calibration: of these cameras; may have more.
        selection: which frames are joined, and taken; without it, all.
        kind: what is written.
        rate: of videos that are encoded, frames a second; without it, that of the given
            videos divided by ``selection.every``, or `DEFAULT_RATE`.
        copy: copy the files that are taken as they are; they are linked otherwise.

    Raises:
        ValueError: for an argument out of range, a camera that the calibration lacks, a
            source that is none, frames that cannot be joined, or images of another size
            than the calibration says.
    """
    target, selection = Path(out), selection or Selection()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ValueError(f'{target}: expected to make this folder, but it is there')
    if kind not in ('images', 'videos'):
        raise ValueError(f"kind: expected 'images' or 'videos', got {kind!r}")
    if rate is not None and (kind == 'images' or not rate > 0):
        raise ValueError(f'rate: expected one above 0, for videos only, got {rate:g}')
    for name in cameras:
        calibration.index(name)  # raises for a name that it lacks
    if not cameras:
        raise ValueError('cameras: expected one or more, got none')
    selection.check_cameras(cameras)
    calibration = calibration.select([n for n in calibration.names if n in cameras])
    sources = {name: _source(name, Path(cameras[name])) for name in calibration.names}
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent, prefix=f'.{target.name}.') as near:
        # One below it, as no one else may read the temporary folder itself.
        folder = Path(near, target.name)
        folder.mkdir()
        sizes = _fill(folder, sources, selection, kind, rate, copy)
        path = folder / 'calibration.toml'
        write_calibration(_with_sizes(calibration, sizes), path, format='anipose')
        folder.replace(target)
    return MultiViewFolder(target)


def _source(camera: str, path: Path) -> Source:
    if camera.startswith('.') or Path(camera).name != camera:
        raise ValueError(
            f'camera {camera!r}: expected a name that a folder may have; rename it in '
            'the calibration'
        )
    if path.is_dir():
        images = images_in(path)
        if not images:
            raise ValueError(
                f'camera {camera!r}: expected images in the folder {path}, got none'
            )
        return images
    if not path.exists():
        raise ValueError(f'camera {camera!r}: expected {path}, got no such file')
    if is_image(path):
        return {instant_name(0): path}
    if not is_video(path):
        raise ValueError(
            f'camera {camera!r}: expected a folder of images, a video or an image, got '
            f'{path}'
        )
    return VideoFile(path)


def _fill(
    folder: Path,
    sources: Mapping[str, Source],
    selection: Selection,
    kind: Kind,
    rate: Optional[float],
    copy: bool,
) -> Dict[str, Size]:
    """Write all views, and return the sizes of their images."""
    videos = {c: one for c, one in sources.items() if isinstance(one, VideoFile)}
    known = equal_rate({camera: video.rate for camera, video in videos.items()})
    if kind == 'images':
        return _write(ImageWriter(folder, copy=copy), sources, selection)
    if len(videos) == len(sources) and selection.takes_all() and rate is None:
        return _place(folder, videos, copy)
    rate = rate or (known or DEFAULT_RATE) / selection.every
    return _write(VideoWriter(folder, rate), sources, selection)


def _write(
    writer: FrameWriter, sources: Mapping[str, Source], selection: Selection
) -> Dict[str, Size]:
    count, instants = selection.instants(sources)
    sizes: Dict[str, Size] = {}
    with closing(writer):
        for name, frames in track(instants, 'instants', total=count):
            for camera, frame in frames.items():
                writer.write(camera, name, frame)
                if camera not in sizes and frame is not None:
                    sizes[camera] = _size(frame)
    for camera in sources:
        if camera not in sizes:
            raise ValueError(f'camera {camera!r}: expected frames, got none')
    return sizes


def _place(
    folder: Path, videos: Mapping[str, VideoFile], copy: bool
) -> Dict[str, Size]:
    equal_length({camera: video.length for camera, video in videos.items()})
    sizes = {}
    for camera, video in videos.items():
        link_or_copy(video.path, folder / f'{camera}{video.path.suffix}', copy)
        first = next(iter(video), None)
        if first is None:
            raise ValueError(f'{video.path}: expected frames, got none')
        sizes[camera] = _size(first)
    return sizes


def _size(frame: Frame) -> Size:
    image = read_image(frame) if isinstance(frame, Path) else frame
    return image.shape[1], image.shape[0]


def _with_sizes(calibration: Calibration, sizes: Mapping[str, Size]) -> Calibration:
    for name, known in zip(calibration.names, calibration.image_sizes):
        if known is not None and tuple(known) != sizes[name]:
            raise ValueError(
                f"camera {name!r}: expected the calibration's image size, "
                f'{known[0]}x{known[1]}, got {sizes[name][0]}x{sizes[name][1]}'
            )
    ordered = tuple(sizes[name] for name in calibration.names)
    return replace(calibration, image_sizes=ordered)
