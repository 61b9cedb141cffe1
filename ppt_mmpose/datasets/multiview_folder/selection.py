"""Which frames of the sources become the instants of a recording."""

from dataclasses import dataclass, field
from itertools import islice
from math import ceil
from pathlib import Path
from typing import Collection, Dict, Iterable, Iterator, Mapping, Optional, Tuple, Union

from ...frames.reading import VideoFile
from .joining import equal_length, in_step, instant_name, joined_by_name
from .writers import Frame

# Image files by stem, or a video.
Source = Union[Dict[str, Path], VideoFile]
Instants = Iterator[Tuple[str, Mapping[str, Optional[Frame]]]]


@dataclass(frozen=True)
class Selection:
    """Joins frames, and takes some.

    Image files are joined by the stems of their names, and cameras may lack some. All
    frames are joined by order instead where there is a video or a ``start``, or with
    ``by_order``.

    Args:
        start: of cameras that began early, the frame of the first instant, from 0.
        every: take one of so many instants.
        by_order: join image files by order.
        shortest: end with the shortest camera, where frames are joined by order.

    Raises:
        ValueError: for a number out of range.
    """

    start: Mapping[str, int] = field(default_factory=dict)
    every: int = 1
    by_order: bool = False
    shortest: bool = False

    def __post_init__(self) -> None:
        if self.every < 1:
            raise ValueError(f'every: expected 1 or more, got {self.every}')
        for camera, first in self.start.items():
            if first < 0:
                raise ValueError(f'start of {camera}: expected 0 or more, got {first}')

    def check_cameras(self, cameras: Collection[str]) -> None:
        """Refuse a start of another camera than these.

        Raises:
            ValueError: naming it.
        """
        for camera in self.start:
            if camera not in cameras:
                raise ValueError(
                    f'start: expected one of {", ".join(cameras)}, got {camera!r}'
                )

    def takes_all(self) -> bool:
        """Whether frames that are joined by order are taken as they are."""
        return self.every == 1 and not self.shortest and not any(self.start.values())

    def instants(self, sources: Mapping[str, Source]) -> Tuple[Optional[int], Instants]:
        """The frames of each instant, read when they are asked for.

        Returns:
            How many there are, None where that is not known; and of each the name, and
            of each camera the frame.

        Raises:
            ValueError: if frames cannot be joined, or if none is left; while reading,
                if a camera ends before the others, unless ``shortest``.
        """
        files = {c: one for c, one in sources.items() if isinstance(one, dict)}
        if len(files) < len(sources) or self.start or self.by_order:
            return self._by_order(sources)
        if self.shortest:
            raise ValueError(
                'shortest: expected frames that are joined by order; image files are '
                'joined by name'
            )
        names = joined_by_name(files)[:: self.every]
        found = (
            (name, {camera: one.get(name) for camera, one in files.items()})
            for name in names
        )
        return len(names), found

    def _by_order(
        self, sources: Mapping[str, Source]
    ) -> Tuple[Optional[int], Instants]:
        lengths = {camera: self._left(camera, one) for camera, one in sources.items()}
        if self.shortest:
            known = [length for length in lengths.values() if length is not None]
            length = min(known) if len(known) == len(lengths) else None
        else:
            length = equal_length(lengths)
        steps = in_step(
            {camera: self._frames(camera, one) for camera, one in sources.items()},
            shortest=self.shortest,
        )
        named = ((instant_name(number), frames) for number, frames in enumerate(steps))
        return None if length is None else ceil(length / self.every), named

    def _left(self, camera: str, source: Source) -> Optional[int]:
        length = len(source) if isinstance(source, dict) else source.length
        if length is None:
            return None
        first = self.start.get(camera, 0)
        if first >= length:
            raise ValueError(
                f'start of {camera}: expected a frame below its length, {length}, got '
                f'{first}'
            )
        return length - first

    def _frames(self, camera: str, source: Source) -> Iterable[Frame]:
        first = self.start.get(camera, 0)
        if isinstance(source, VideoFile):
            return source.frames(first, self.every)
        return islice(source.values(), first, None, self.every)
