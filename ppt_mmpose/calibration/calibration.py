"""The cameras of a recording, by name."""

from dataclasses import dataclass
from typing import Optional, Sequence, Tuple

import torch

from ..geometry import Cameras


@dataclass(frozen=True, eq=False)
class Calibration:
    """V named cameras.

    Args:
        names: one of each camera, in the order of ``cameras``.
        cameras: with no leading dimension; conventions in `geometry.camera`.
        image_sizes: ``(width, height)`` of each camera, px; None where it is not known.

    Raises:
        ValueError: for names that are not unique or cannot be those of files, counts
            that differ, or an image size that is none.
    """

    names: Tuple[str, ...]
    cameras: Cameras
    image_sizes: Tuple[Optional[Tuple[int, int]], ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, 'names', tuple(self.names))
        object.__setattr__(self, 'image_sizes', tuple(self.image_sizes))
        counts = len(self.names), len(self.cameras), len(self.image_sizes)
        if len(set(counts)) > 1 or self.cameras.rotation.ndim != 3:
            raise ValueError(
                'calibration: expected as many names and image sizes as cameras, '
                f'got {counts[0]} names, cameras of shape '
                f'{tuple(self.cameras.rotation.shape[:-2])} and {counts[2]} sizes'
            )
        for name in self.names:
            # Names become those of folders and files.
            if name in ('', '.', '..') or set(name) & set('/\\\0'):
                raise ValueError(
                    f'names: expected what can be the name of a file, got {name!r}'
                )
        if len(set(self.names)) < len(self.names):
            raise ValueError(f'names: expected each once, got {list(self.names)}')
        for name, size in zip(self.names, self.image_sizes):
            if size is not None and (len(size) != 2 or min(size) <= 0):
                raise ValueError(
                    f'image_sizes: expected (width, height) above 0 for camera '
                    f'{name!r}, got {size}'
                )

    def __len__(self) -> int:
        """V."""
        return len(self.names)

    def index(self, name: str) -> int:
        """Where a camera stands.

        Raises:
            ValueError: for a name that the calibration lacks.
        """
        if name not in self.names:
            raise ValueError(
                f'camera {name!r}: the calibration has {", ".join(self.names)}'
            )
        return self.names.index(name)

    def select(self, names: Sequence[str]) -> 'Calibration':
        """The calibration of these cameras, in this order.

        Raises:
            ValueError: for a name that the calibration lacks.
        """
        indices = [self.index(name) for name in names]
        return Calibration(
            tuple(names),
            self.cameras.select(indices),
            tuple(self.image_sizes[index] for index in indices),
        )

    def scaled(self, factor: float) -> 'Calibration':
        """The same cameras in a world of which a unit is this many metres."""
        moved = Cameras(
            self.cameras.intrinsics,
            self.cameras.rotation,
            self.cameras.translation * torch.as_tensor(factor, dtype=torch.float64),
            self.cameras.distortion,
        )
        return Calibration(self.names, moved, self.image_sizes)
