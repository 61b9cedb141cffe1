"""A recording of several cameras in a folder of plain files; and the maker of one."""

from .labels import Keypoints3D, view_and_instant
from .layout import MultiViewFolder

__all__ = ['Keypoints3D', 'MultiViewFolder', 'view_and_instant']
