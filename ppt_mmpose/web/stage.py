"""Where a skeleton stands in an interactive figure: equal axes, a floor, cameras."""

from typing import Any, Dict, List, Optional

import numpy as np
import plotly.graph_objects as go

from ..calibration import Calibration
from ..visualization.floor import floor_lines
from ..visualization.multiview.camera_pyramids import camera_pyramids
from ..visualization.scene import Scene

FLOOR, CAMERA, INK = '#cbd5e1', '#64748b', '#475569'
# Of the longest side of the scene: how deep the pyramids are.
_PYRAMID = 0.07
# What lies on the border of a scene is cut off: more room, in longest sides.
_ROOM = 0.02
# From where one looks at first, in longest sides of the scene: from the front, where
# the camera of a lifter is, a little from the side, so that depth is seen, and from
# above; with cameras around from farther and higher.
_NEAR, _FAR = (0.65, -1.2, 0.3), (0.8, -1.42, 0.75)


def stage_traces(scene: Scene, calibration: Optional[Calibration]) -> List[Any]:
    """The floor, and cameras with their names.

    Args:
        scene: what is shown, after `Scene.turn`.
        calibration: of the cameras; none when None.
    """
    low, high = scene.turned_corners
    traces = []
    if scene.up is not None:
        traces.append(_lines(floor_lines(low, high)[0], FLOOR, 1, 'floor'))
    if calibration is not None:
        depth = _PYRAMID * (high - low).max()
        edges = camera_pyramids(calibration, depth) @ scene.turn.T
        traces.append(_lines(edges.reshape(-1, 2, 3), CAMERA, 2, 'cameras'))
        x, y, z = edges[:, 0, 0].T
        traces.append(
            go.Scatter3d(
                x=x.tolist(),
                y=y.tolist(),
                z=(z + depth).tolist(),
                text=list(calibration.names),
                mode='text',
                textfont=dict(color=INK, size=11),
                hoverinfo='skip',
                name='camera names',
            )
        )
    return traces


def stage_layout(scene: Scene, *, far: bool = False) -> Dict[str, Any]:
    """Equal axes, z upwards, which stay while the person moves.

    Args:
        scene: what is shown, after `Scene.turn`.
        far: look from where there is room for cameras.
    """
    low, high = scene.turned_corners
    room = _ROOM * (high - low).max()
    low, high = low - room, high + room
    sides = (high - low) / (high - low).max()
    axes = {
        f'{name}axis': dict(
            visible=False, autorange=False, range=[float(first), float(last)]
        )
        for name, first, last in zip('xyz', low, high)
    }
    return dict(
        scene=dict(
            **axes,
            aspectmode='manual',
            aspectratio=dict(zip('xyz', sides.tolist())),
            camera=dict(
                eye=dict(zip('xyz', _FAR if far else _NEAR)),
                up=dict(x=0, y=0, z=1),
                center=dict(x=0, y=0, z=0),
            ),
            dragmode='turntable',
            bgcolor='rgba(0,0,0,0)',
        ),
        # Where one looks from stays when the figure is redrawn.
        uirevision='stay',
        autosize=True,
        margin=dict(l=0, r=0, t=0, b=0),
        paper_bgcolor='rgba(0,0,0,0)',
        font=dict(color=INK, family='system-ui, sans-serif', size=13),
        showlegend=False,
    )


def broken_line(segments: np.ndarray) -> Dict[str, List[Optional[float]]]:
    """Segments as one line with gaps.

    Args:
        segments: ``(n, 2, 3)``, m; NaN where there is nothing.

    Returns:
        ``x``, ``y`` and ``z``, 3n each, to the millimetre; None is a gap.
    """
    gaps = np.full((len(segments), 1, 3), np.nan)
    return coordinates(np.concatenate([segments, gaps], axis=1).reshape(-1, 3))


def coordinates(points: np.ndarray) -> Dict[str, List[Optional[float]]]:
    """``x``, ``y`` and ``z`` of points ``(n, 3)``, m, to the millimetre."""
    rounded = np.round(np.asarray(points, float), 3)
    return {
        name: [None if np.isnan(value) else value for value in column.tolist()]
        for name, column in zip('xyz', rounded.T)
    }


def _lines(segments: np.ndarray, color: str, width: float, name: str) -> Any:
    return go.Scatter3d(
        **broken_line(segments),
        mode='lines',
        line=dict(color=color, width=width),
        hoverinfo='skip',
        name=name,
    )
