"""Drawing 3D poses with Matplotlib 3.10 and newer, and from plain checkpoints.

MMPose's visualiser of 3D poses reads pictures with ``tostring_rgb``, which Matplotlib
has no more, and calculates with colours, which are lists in a checkpoint that loads
without running code. So no result of an inferencer could be drawn.

Not needed below Matplotlib 3.10 with colours in arrays; can go with an MMPose after
1.3.2 that reads ``buffer_rgba`` and takes lists.
"""

from functools import wraps
from typing import Any

import numpy as np

COLOURS = ('kpt_color', 'link_color')


def apply() -> None:
    """Give the visualiser pictures and arrays. Idempotent."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from mmpose.visualization import Pose3dLocalVisualizer

    canvas: Any = FigureCanvasAgg
    if not hasattr(canvas, 'tostring_rgb'):
        canvas.tostring_rgb = _rgb
    take = Pose3dLocalVisualizer.set_dataset_meta
    if getattr(take, 'mends', None) == __name__:
        return

    @wraps(take)
    def set_dataset_meta(self: Any, *args: Any, **kwargs: Any) -> None:
        take(self, *args, **kwargs)
        for name in COLOURS:
            if isinstance(getattr(self, name), (list, tuple)):
                setattr(self, name, np.array(getattr(self, name)))

    vars(set_dataset_meta)['mends'] = __name__
    Pose3dLocalVisualizer.set_dataset_meta = set_dataset_meta


def _rgb(canvas: Any) -> bytes:
    """The picture of a canvas, three bytes a pixel."""
    return np.asarray(canvas.buffer_rgba())[..., :3].tobytes()
