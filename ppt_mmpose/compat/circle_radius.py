"""Drawing keypoints with numpy 2.4 and newer.

MMPose's visualiser gives a circle's radius as an array of one element and turns it into
a number with ``int``, which numpy refuses since 2.4 and warns of since 1.25. So no
result could be drawn.

Not needed below numpy 1.25; can go with an MMPose after 1.3.2 that gives numbers.
"""

from functools import wraps
from typing import Any

import numpy as np
from mmengine.utils import digit_version


def apply() -> None:
    """Give the radius as a number to the OpenCV backend. Idempotent."""
    from mmpose.visualization.opencv_backend_visualizer import OpencvBackendVisualizer

    draw = OpencvBackendVisualizer.draw_circles
    if digit_version(np.__version__) < digit_version('1.25') or _is_ours(draw):
        return

    @wraps(draw)
    def draw_circles(
        self: Any, center: Any, radius: Any, *args: Any, **kwargs: Any
    ) -> Any:
        if self.backend == 'opencv':
            radius = np.asarray(radius).item()
        return draw(self, center, radius, *args, **kwargs)

    vars(draw_circles)['mends'] = __name__
    OpencvBackendVisualizer.draw_circles = draw_circles


def _is_ours(function: Any) -> bool:
    return getattr(function, 'mends', None) == __name__
