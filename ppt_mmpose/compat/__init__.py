"""Defects of the host libraries, one file each.

Every file says which host version it is for, does nothing where it is not needed,
and may run twice. Importing ``ppt_mmpose`` runs them all; nothing else in the
package changes global state.
"""

from . import circle_radius, mmcv_ops, model_names, pose_3d_drawing, safe_loading


def apply() -> None:
    """Mend what needs mending in this environment."""
    mmcv_ops.apply()
    safe_loading.apply()
    model_names.apply()
    circle_radius.apply()
    pose_3d_drawing.apply()
