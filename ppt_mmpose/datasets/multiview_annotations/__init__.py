"""Annotation files of multi-view datasets, read into labels of single views."""

from .annotations import Annotations, Place, ViewLabel
from .h36m_prepared import PreparedH36M
from .h36m_toolbox import ToolboxH36M
from .selection import GroupSelection
from .skipose import SkiPose

__all__ = [
    'Annotations',
    'GroupSelection',
    'Place',
    'PreparedH36M',
    'SkiPose',
    'ToolboxH36M',
    'ViewLabel',
]
