"""The part of the world that pictures show, chosen once for a whole video."""

from dataclasses import dataclass
from typing import Optional, Tuple

import numpy as np

from ppt_mmpose.calibration import Calibration
from ppt_mmpose.geometry.up_axis import turn_up, up_vector


@dataclass(frozen=True, eq=False)
class Scene:
    """A box along the axes of the world.

    Args:
        low: ``(3,)``, m, world; the corner with the smallest coordinates.
        high: ``(3,)``, m, world.
        up: what is up in the world, as ``'+z'``; the floor is the lowest side of the
            box. None where it is not known.

    Raises:
        ValueError: if a side is not longer than 0, or for an axis that is none.
    """

    low: np.ndarray
    high: np.ndarray
    up: Optional[str] = None

    def __post_init__(self) -> None:
        if not (np.asarray(self.low) < np.asarray(self.high)).all():
            raise ValueError(
                f'scene: expected low below high, got {list(self.low)} and '
                f'{list(self.high)}'
            )
        if self.up is not None:
            up_vector(self.up)

    @property
    def turn(self) -> np.ndarray:
        """``(3, 3)``, the rotation that makes z point up."""
        return np.eye(3) if self.up is None else turn_up(self.up, '+z')

    @property
    def turned_corners(self) -> Tuple[np.ndarray, np.ndarray]:
        """The smallest and the largest coordinates after `turn`, ``(3,)`` each."""
        corners = np.stack([self.low, self.high]) @ self.turn.T
        return corners.min(0), corners.max(0)


def fit_scene(
    points: np.ndarray,
    found: np.ndarray,
    *,
    up: Optional[str] = None,
    calibration: Optional[Calibration] = None,
    margin: float = 0.1,
) -> Scene:
    """The box around everything that was found.

    Args:
        points: ``(..., 3)``, m, world; of one instant or many.
        found: ``(...)``, bool.
        up: what is up in the world, as ``'+z'``. The floor is then put below the lowest
            keypoint, wherever the cameras are.
        calibration: cameras that shall be in it, too.
        margin: on each side but the floor, as a share of the longest side, above 0.

    Raises:
        ValueError: if nothing was found, or for an axis that is none.
    """
    inside = np.asarray(points)[np.asarray(found, bool)]
    if len(inside) == 0:
        raise ValueError('found: expected a keypoint that was found, got none')
    around = inside
    if calibration is not None:
        centres = calibration.cameras.centres.detach().cpu().numpy()
        around = np.concatenate([inside, centres])
    low, high = around.min(0), around.max(0)
    space = margin * (high - low).max()
    low, high = low - space, high + space
    if up is not None:
        axis = int(np.abs(up_vector(up)).argmax())
        if up[0] == '+':
            low[axis] = inside[:, axis].min()
        else:
            high[axis] = inside[:, axis].max()
    return Scene(low, high, up)
