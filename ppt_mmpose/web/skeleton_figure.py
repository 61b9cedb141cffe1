"""A skeleton that can be turned, still or moving."""

from typing import Any, Dict, List, Optional, Sequence

import numpy as np
import plotly.graph_objects as go

from ..calibration import Calibration
from ..visualization.figures import keypoint_names
from ..visualization.scene import Scene
from .player import frame_slider, play_buttons
from .stage import broken_line, coordinates, stage_layout, stage_traces

# More frames make a page slow, and no motion clearer.
MOST_FRAMES = 300
# Faster than this, browsers do not draw a skeleton in 3D.
FASTEST = 25.0
# Of links, px, from near and among cameras.
_NEAR, _FAR = 8.0, 4.0


def still_figure(
    dataset_meta: Dict[str, Any],
    scene: Scene,
    keypoints_3d: np.ndarray,
    found: np.ndarray,
    *,
    calibration: Optional[Calibration] = None,
) -> go.Figure:
    """One pose, in the colours of the dataset.

    Args:
        dataset_meta: links and colours, as MMPose parses a dataset's metainfo.
        scene: what is shown.
        keypoints_3d: ``(J, 3)``, m, in the axes of the scene.
        found: ``(J,)``, bool; others and their links are not drawn.
        calibration: cameras around; none when None.
    """
    far = calibration is not None
    skeleton = _Skeleton(dataset_meta, scene, width=_FAR if far else _NEAR)
    traces = skeleton.traces(np.where(found[:, None], keypoints_3d, np.nan))
    return go.Figure(
        [*traces, *stage_traces(scene, calibration)],
        layout=stage_layout(scene, far=far),
    )


def moving_figure(
    dataset_meta: Dict[str, Any],
    scene: Scene,
    keypoints_3d: np.ndarray,
    found: np.ndarray,
    *,
    numbers: Sequence[int],
    rate: float,
) -> go.Figure:
    """A motion, with a button to play it and a slider over its frames.

    Of long or fast ones, some frames are shown.

    Args:
        dataset_meta: links and colours, as MMPose parses a dataset's metainfo.
        scene: what is shown.
        keypoints_3d: ``(F, J, 3)``, m, in the axes of the scene.
        found: ``(F,)``, bool: in which frames there are any.
        numbers: F, of the frames in the video.
        rate: frames a second.
    """
    skeleton = _Skeleton(dataset_meta, scene)
    poses = np.where(found[:, None, None], keypoints_3d, np.nan)
    shown = shown_frames(len(poses), rate)
    step = shown[1] - shown[0] if len(shown) > 1 else 1
    first = next((index for index in shown if found[index]), shown[0])
    figure = go.Figure(
        [*skeleton.traces(poses[first]), *stage_traces(scene, None)],
        layout=stage_layout(scene),
        frames=[
            go.Frame(
                name=str(numbers[index]),
                data=skeleton.places(poses[index]),
                traces=[0, 1],
            )
            for index in shown
        ],
    )
    labels = [f'{numbers[index] / rate:.2f} s' for index in shown]
    figure.update_layout(
        margin=dict(b=96),
        updatemenus=[play_buttons(1000 * step / rate)],
        sliders=[frame_slider([frame.name for frame in figure.frames], labels)],
    )
    figure.layout.sliders[0].active = shown.index(first)
    return figure


def shown_frames(count: int, rate: float) -> List[int]:
    """Which frames are shown: all, or every so many.

    Args:
        count: of the frames, 1 or more.
        rate: frames a second.
    """
    step = max(round(rate / FASTEST), -(-count // MOST_FRAMES), 1)
    return list(range(0, count, step))


class _Skeleton:
    """Links and keypoints as two traces."""

    def __init__(
        self, meta: Dict[str, Any], scene: Scene, *, width: float = _NEAR
    ) -> None:
        self._width = width
        self._links = np.array(meta['skeleton_links'], int).reshape(-1, 2)
        colors = _colors(meta['skeleton_link_colors'])
        # Two ends and the gap after them.
        self._link_colors = [color for color in colors for _ in range(3)]
        self._colors = _colors(meta['keypoint_colors'])
        self._names = keypoint_names(meta, len(self._colors))
        self._turn = scene.turn

    def traces(self, points: np.ndarray) -> List[Any]:
        links, joints = self.places(points)
        links.update(
            mode='lines',
            line=dict(color=self._link_colors, width=self._width),
            hoverinfo='skip',
            name='links',
        )
        joints.update(
            mode='markers',
            marker=dict(color=self._colors, size=0.6 * self._width),
            text=self._names,
            hovertemplate='%{text}<extra></extra>',
            name='keypoints',
        )
        return [links, joints]

    def places(self, points: np.ndarray) -> List[Any]:
        """Where both are, for points ``(J, 3)``, NaN where there are none."""
        turned = points @ self._turn.T
        return [
            go.Scatter3d(broken_line(turned[self._links])),
            go.Scatter3d(coordinates(turned)),
        ]


def _colors(values: Sequence[Sequence[int]]) -> List[str]:
    return [f'rgb({r},{g},{b})' for r, g, b in np.array(values, int).reshape(-1, 3)]
