"""A recording of several cameras in a folder of plain files; and the maker of one."""

from .labels import Keypoints3D, labelled_boxes, view_and_instant
from .layout import MultiViewFolder
from .maker import make_folder
from .selection import Selection

__all__ = [
    'Keypoints3D',
    'MultiViewFolder',
    'Selection',
    'labelled_boxes',
    'make_folder',
    'view_and_instant',
]
