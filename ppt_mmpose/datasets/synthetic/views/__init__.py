"""Drawn people seen by several cameras at once, with the truth in the world.

A layout (:mod:`.layouts`) makes a calibration; :mod:`.staging` makes a scene that all
of its cameras see, with obstacles (:mod:`.obstacles`) that hide keypoints from some; a
plan (:mod:`.plan`) draws instants of it; :mod:`.folders` writes them as recordings.
"""

from .folders import Hidden, hidden_shares, make_views
from .layouts import LAYOUTS, random_rig
from .plan import Plan, Shot

__all__ = [
    'LAYOUTS',
    'Hidden',
    'Plan',
    'Shot',
    'hidden_shares',
    'make_views',
    'random_rig',
]
