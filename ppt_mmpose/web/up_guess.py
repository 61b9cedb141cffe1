"""Which way is up, told by cameras that are held upright."""

import numpy as np

from ..calibration import Calibration
from ..geometry.up_axis import UP_AXES, up_vector


def upright(calibration: Calibration) -> str:
    """The axis of the world that is most upwards in the images.

    Args:
        calibration: of the cameras, most of which are held upright.

    Returns:
        One of `UP_AXES`.
    """
    down = calibration.cameras.rotation.detach().cpu().numpy()[:, 1]
    up = -down.mean(0)
    return max(UP_AXES, key=lambda axis: float(np.dot(up_vector(axis), up)))
