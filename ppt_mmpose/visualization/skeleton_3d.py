"""A person in the world, with the cameras around."""

from typing import Any, Dict, Optional, Sequence, Tuple

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from mpl_toolkits.mplot3d import proj3d
from mpl_toolkits.mplot3d.art3d import Line3DCollection

from ppt_mmpose.calibration import Calibration

from .crops import Image
from .floor import floor_lines
from .multiview.camera_pyramids import camera_pyramids
from .scene import Scene

_DPI = 100
# Below it, text leaves no room for the scene, px.
_SMALLEST = 200
_INK = '0.25'
_GRID = '0.8'
_CAMERA = '0.45'
# Of the longest side of the scene: how deep the pyramids are.
_PYRAMID = 0.06
# Left free on each side, px; more where numbers stand beside the axes.
_MARGIN, _MARGIN_OF_AXES = 30, 50


class SkeletonPicture:
    """Draws persons in 3D, many one after another, with what stays drawn once.

    Where the scene tells what is up, its lowest side is drawn as a floor of tiles; else
    the axes of the world are drawn, z upwards.

    Args:
        dataset_meta: links and colours, as MMPose parses a dataset's metainfo.
        scene: what is shown; it fills the picture.
        calibration: cameras to draw as pyramids with their names.
        size: ``(width, height)`` of the pictures, px, from 200 on.
        azimuth: from where one looks, degrees around what is up.
        elevation: from how high, degrees above the floor.

    Raises:
        ValueError: for a smaller size.
    """

    def __init__(
        self,
        dataset_meta: Dict[str, Any],
        scene: Scene,
        *,
        calibration: Optional[Calibration] = None,
        size: Tuple[int, int] = (640, 640),
        azimuth: float = -60.0,
        elevation: float = 15.0,
    ) -> None:
        self.size = size
        if min(size) < _SMALLEST:
            raise ValueError(f'size: expected at least {_SMALLEST} px, got {size}')
        self.links = np.array(dataset_meta['skeleton_links'], int).reshape(-1, 2)
        self._turn = scene.turn
        self._low, self._high = scene.turned_corners
        # Half a pixel more: matplotlib cuts off fractions.
        inches = ((size[0] + 0.5) / _DPI, (size[1] + 0.5) / _DPI)
        self._figure = Figure(figsize=inches, dpi=_DPI, facecolor='white')
        self._canvas = FigureCanvasAgg(self._figure)
        # Else a line of the floor lies over the names of the cameras.
        self._axes: Any = self._figure.add_axes(
            (0, 0, 1, 1), projection='3d', computed_zorder=False
        )
        self._title = self._text(0.5, 0.975, 'center', 'top')
        self._aim(azimuth, elevation, _MARGIN_OF_AXES if scene.up is None else _MARGIN)
        if scene.up is None:
            self._axes.locator_params(nbins=5)
        else:
            self._draw_floor()
        if calibration is not None:
            self._draw_cameras(calibration)
        self._prepare_person(dataset_meta)

    def draw(
        self, keypoints_3d: np.ndarray, found: np.ndarray, *, title: str = ''
    ) -> Image:
        """One person.

        Args:
            keypoints_3d: ``(J, 3)``, m, world.
            found: ``(J,)``, bool; others and their links are not drawn.
            title: a line at the top.

        Returns:
            ``(height, width, 3)``, uint8, RGB.
        """
        points = np.where(found[:, None], keypoints_3d, np.nan) @ self._turn.T
        whole = np.asarray(found)[self.links].all(1)
        self._links.set_segments(points[self.links[whole]])
        self._links.set_color(self._link_colors[whole])
        for members, joints in self._joints:
            joints.set_data_3d(*points[members].T)
        self._title.set_text(title)
        self._canvas.draw()
        picture = np.asarray(self._canvas.buffer_rgba())
        return picture[: self.size[1], : self.size[0], :3].copy()

    def _text(self, x: float, y: float, horizontal: str, vertical: str) -> Any:
        return self._figure.text(x, y, '', ha=horizontal, va=vertical, color=_INK)

    def _aim(self, azimuth: float, elevation: float, margin: int) -> None:
        """Look at the scene so that it fills the picture."""
        axes, low, high = self._axes, self._low, self._high
        axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), zlim=(low[2], high[2]))
        axes.set_box_aspect(high - low)
        axes.view_init(elev=elevation, azim=azimuth)
        axes.apply_aspect()
        corners = np.stack(np.meshgrid(*zip(low, high)), -1).reshape(-1, 3)
        x, y, _ = proj3d.proj_transform(*corners.T, axes.get_proj())
        shown = axes.transData.transform(np.stack([x, y], -1))
        first, last = shown.min(0), shown.max(0)
        size = np.array(self._figure.bbox.size)
        factor = ((size - 2 * margin) / (last - first)).min()
        place = axes.bbox.get_points()
        # The axes may reach beyond the picture: only the scene has to be in it.
        place = (size / 2 + factor * (place - (first + last) / 2)) / size
        axes.set_position((*place[0], *(place[1] - place[0])))

    def _draw_floor(self) -> None:
        self._axes.set_axis_off()
        lines, tile = floor_lines(self._low, self._high)
        self._add_lines(lines, _GRID, 0.8)
        self._text(0.98, 0.02, 'right', 'bottom').set_text(f'tiles of {tile:g} m')

    def _draw_cameras(self, calibration: Calibration) -> None:
        depth = _PYRAMID * (self._high - self._low).max()
        edges = camera_pyramids(calibration, depth) @ self._turn.T
        self._add_lines(edges.reshape(-1, 2, 3), _CAMERA, 1.0, zorder=1)
        for name, centre in zip(calibration.names, edges[:, 0, 0]):
            x, y, z = centre
            style = dict(fontsize=9, color=_INK, ha='center', zorder=4)
            self._axes.text(x, y, z + 0.7 * depth, name, **style)

    def _add_lines(
        self, lines: np.ndarray, color: str, width: float, zorder: int = 0
    ) -> None:
        added = Line3DCollection(lines, colors=color, linewidths=width, zorder=zorder)
        added.set_clip_on(False)
        self._axes.add_collection3d(added, autolim=False)

    def _prepare_person(self, meta: Dict[str, Any]) -> None:
        # Matplotlib wants a segment before it knows the dimensions.
        nothing = np.full((1, 2, 3), np.nan)
        self._links = Line3DCollection(
            nothing, linewidths=3, capstyle='round', zorder=2
        )
        self._links.set_clip_on(False)
        self._axes.add_collection3d(self._links, autolim=False)
        self._link_colors = _colors(meta['skeleton_link_colors'])
        colors = _colors(meta['keypoint_colors'])
        self._joints = []
        for color in np.unique(colors, axis=0):
            members = np.flatnonzero((colors == color).all(1))
            (joints,) = self._axes.plot(
                *([], [], []), 'o', color=color, ms=5, mew=0, clip_on=False, zorder=3
            )
            self._joints.append((members, joints))


def _colors(values: Sequence[Sequence[int]]) -> np.ndarray:
    return np.array(values, float).reshape(-1, 3) / 255
