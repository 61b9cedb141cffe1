"""Several views, read instant by instant."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, Optional, Tuple, Union

import numpy as np

from ...calibration import Calibration
from ...datasets.multiview_folder import MultiViewFolder
from ...datasets.multiview_folder.joining import (
    equal_length,
    equal_rate,
    in_step,
    instant_name,
    joined_by_name,
)
from ...frames.reading import Image, VideoFile, read_image
from ...frames.source import Files, Stream, frame_source

Views = Dict[str, Optional[Image]]


class SynchronisedViews:
    """The instants of several views, in order, each read when it is asked for.

    An iterator, which can be gone through once. It gives the name of each instant and
    of each view its image ``(height, width, 3)``, uint8, BGR, or None where the view
    has none. No image is held for longer than one instant.

    Args:
        calibration: of the views, in the order in which they are given.
        instants: names, and of each view the image.
        length: number of instants, as far as it is known.
        rate: instants a second, as far as it is known.

    Raises:
        ValueError: for a single view; while reading, for an image that is none or has
            another size than the calibration says, and for a view that ends before
            the others, naming view and instant.
    """

    def __init__(
        self,
        calibration: Calibration,
        instants: Iterable[Tuple[str, Views]],
        *,
        length: Optional[int] = None,
        rate: Optional[float] = None,
    ) -> None:
        _expect_several(calibration.names)
        self.calibration = calibration
        self.length = length
        self.rate = rate
        self._instants = iter(instants)

    @property
    def names(self) -> Tuple[str, ...]:
        """V, of the views."""
        return self.calibration.names

    def __len__(self) -> int:
        """The number of instants.

        Raises:
            TypeError: if it is not known before the end; ``length`` is None then.
        """
        if self.length is None:
            raise TypeError('the number of instants is not known before the end')
        return self.length

    def __iter__(self) -> 'SynchronisedViews':
        return self

    def __next__(self) -> Tuple[str, Views]:
        instant, views = next(self._instants)
        for name, size in zip(self.names, self.calibration.image_sizes):
            if views[name] is not None:
                _check_image(f'view {name!r}, instant {instant}', views[name], size)
        return instant, views


def _expect_several(names: Collection[str]) -> None:
    if len(names) < 2:
        given = 'one view only' if names else 'no view'
        raise ValueError(f'{given}: 3D needs at least two')


def _check_image(where: str, image: Any, size: Optional[Tuple[int, int]]) -> None:
    shape: Tuple[int, ...] = getattr(image, 'shape', ())
    if getattr(image, 'dtype', None) != np.uint8 or shape[2:] != (3,):
        got = f'{shape} of {image.dtype}' if shape else type(image).__name__
        raise ValueError(
            f'{where}: expected an image (height, width, 3) of uint8, got {got}'
        )
    height, width = shape[:2]
    if size is not None and (width, height) != tuple(size):
        raise ValueError(
            f"{where}: expected the calibration's image size, {size[0]}x{size[1]}, got "
            f'{width}x{height}'
        )


def open_sources(
    inputs: Union[str, Path, Mapping[str, Any], Sequence[Any]],
    calibration: Optional[Calibration] = None,
) -> SynchronisedViews:
    """Open all views of a recording.

    Folders and lists of image files are joined by the names of the files without
    suffix; an instant that a view lacks is None there. Videos, images in memory and
    single images are joined by their order, and must be equally long.

    Args:
        inputs: a folder as `MultiViewFolder` reads it; or the source of each view by
            the name of its camera, where cameras may be left out; or the sources of all
            cameras in the calibration's order. For sources see `frame_source`.
        calibration: may be left out for a folder that has one.

    Raises:
        ValueError: for a camera that the calibration lacks; a source that is none; a
            single view; image files of which no two views share a name; lengths or
            rates that differ.
    """
    if isinstance(inputs, (str, Path)):
        return _from_folder(MultiViewFolder(inputs, calibration=calibration))
    if calibration is None:
        raise ValueError('calibration: expected one with views that are no folder')
    if not isinstance(inputs, Mapping):
        if len(inputs) != len(calibration):
            raise ValueError(
                f'inputs: expected one source for each of the {len(calibration)} '
                f'cameras {", ".join(calibration.names)}, got {len(inputs)}'
            )
        inputs = dict(zip(calibration.names, inputs))
    for name in inputs:
        calibration.index(name)  # raises for a name that it lacks
    _expect_several(inputs)
    given = calibration.select([n for n in calibration.names if n in inputs])
    return _from_sources(given, {name: inputs[name] for name in given.names})


def _from_sources(
    calibration: Calibration, inputs: Mapping[str, Any]
) -> SynchronisedViews:
    files: Dict[str, Files] = {}
    streams: Dict[str, Stream] = {}
    for name, given in inputs.items():
        try:
            source = frame_source(given)
        except ValueError as error:
            raise ValueError(f'view {name!r}: {error}') from None
        if isinstance(source, dict):
            files[name] = source
        else:
            streams[name] = source
    if files and streams:
        raise ValueError(
            'inputs: expected all views to be joined by file names (folders and lists '
            'of images) or all by order (videos, arrays, single images), got '
            f'{", ".join(files)} of the former and {", ".join(streams)} of the latter'
        )
    if streams:
        return _by_order(calibration, streams)
    return _by_name(calibration, files)


def _from_folder(folder: MultiViewFolder) -> SynchronisedViews:
    if folder.videos:
        videos = {name: VideoFile(path) for name, path in folder.videos.items()}
        return _by_order(folder.calibration, videos)
    found = ((instant, folder.images(instant)) for instant in folder.instants)
    return SynchronisedViews(
        folder.calibration, _decoded(found), length=len(folder.instants)
    )


def _by_name(calibration: Calibration, files: Mapping[str, Files]) -> SynchronisedViews:
    instants = joined_by_name(files)
    found = (
        (instant, {name: images.get(instant) for name, images in files.items()})
        for instant in instants
    )
    return SynchronisedViews(calibration, _decoded(found), length=len(instants))


def _by_order(
    calibration: Calibration, streams: Mapping[str, Stream]
) -> SynchronisedViews:
    steps = enumerate(in_step(streams))
    return SynchronisedViews(
        calibration,
        ((instant_name(number), frames) for number, frames in steps),
        length=equal_length({name: one.length for name, one in streams.items()}),
        rate=equal_rate({name: one.rate for name, one in streams.items()}),
    )


def _decoded(
    found: Iterable[Tuple[str, Mapping[str, Optional[Path]]]],
) -> Iterator[Tuple[str, Views]]:
    for instant, paths in found:
        images = {
            name: None if path is None else read_image(path)
            for name, path in paths.items()
        }
        yield instant, images
